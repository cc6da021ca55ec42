import type { SkippedScenarios } from '../../run/model/labEvents.js';
import { countText } from '../text/countText.js';

const reasons: Readonly<Record<SkippedScenarios['why'], string>> = {
  'takes-minutes': 'with raw-socket load left out, which run for minutes; name them to run them',
  'kernel-ports':
    'left out, to which --flows cannot be given, for they are about the local ports that the kernel picks or has left',
};

/** A sentence on scenarios that do not run, with the reason. */
export function skippedText({ why, scenarios }: SkippedScenarios): string {
  return `${countText(scenarios.length, 'scenario')} ${reasons[why]}: ${scenarios.join(' ')}`;
}
