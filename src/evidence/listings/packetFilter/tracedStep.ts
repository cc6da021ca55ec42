import { ownCounter } from './nftables.js';

/**
 * Reads what a line of `nft monitor trace` says behind its chain: a rule without its counter, or a policy, and the verdict. Undefined: the
 * line tells of neither, or is cut.
 */
export function tracedStep(
  kind: string,
  chain: string,
  rest: string,
): { readonly rule: string; readonly verdict: string } | undefined {
  if (kind === 'policy') {
    const verdict = rest.trim();
    return { rule: `-P ${chain} ${verdict.toUpperCase()}`, verdict };
  }
  const [, rule = '', verdict = ''] = /^(.*) \(verdict (\w+)(?: .*)?\)$/.exec(rest) ?? [];
  if (kind !== 'rule' || verdict === '') return undefined;
  return { rule: ownCounter(rule)?.without ?? rule.trim(), verdict };
}
