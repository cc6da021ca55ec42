import { divertingTargets, refusingTargets } from '../../contracts/words/rules.js';
import type { RuleCount } from '../../evidence/model/ruleCount.js';
import { iptablesTarget } from './iptablesTarget.js';
import type { RuleEffect } from './effect.js';
import { nftEffect } from './nftEffect.js';

const turningAway: ReadonlySet<string> = new Set(refusingTargets);
const taking: ReadonlySet<string> = new Set([...divertingTargets, 'SYNPROXY']);

/** Reads a rule as iptables-save or `nft list ruleset` prints it, or a policy (`-P INPUT DROP`). */
export function effectOf({ rule, elements }: Pick<RuleCount, 'rule' | 'elements'>): RuleEffect {
  if (rule.startsWith('-P ')) {
    return { turnsAway: rule.endsWith(' DROP'), takes: false, answersWithIcmp: false, elements: undefined };
  }
  if (!isIptables(rule)) return nftEffect(rule, elements);
  const target = iptablesTarget(rule);
  return {
    turnsAway: target !== undefined && turningAway.has(target.name),
    takes: target !== undefined && taking.has(target.name),
    answersWithIcmp: target?.name === 'REJECT' && !/ --reject-with tcp-reset\b/.test(target.options),
    elements: undefined,
  };
}

/** Whether iptables printed it, and not nft. */
export function isIptables(rule: string): boolean {
  return /^-[AP] /.test(rule);
}
