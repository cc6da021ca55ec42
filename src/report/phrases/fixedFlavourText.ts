import { countText } from '../text/countText.js';

/** A sentence on scenarios that `--iptables` does not change. */
export function fixedFlavourText(scenarios: readonly string[]): string {
  return `${countText(scenarios.length, 'scenario')} with a flavour of iptables of its own, run once and as the file says: ${scenarios.join(' ')}`;
}
