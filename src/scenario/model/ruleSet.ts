import type { RuleTextKey } from '../../contracts/words/rules.js';
import type { RuleSet } from './scenario.js';

/** Makes a rule set by asking for the text of each key. */
export function ruleSetOf(
  textOf: (key: RuleTextKey) => string | undefined,
  commands: readonly string[],
): RuleSet {
  return {
    ipset: textOf('ipset'),
    rules: textOf('rules'),
    rules6: textOf('rules6'),
    nftables: textOf('nftables'),
    commands,
  };
}

/** A rule set in which every text and command line has been changed in the same way. */
export function mapRuleSet(rules: RuleSet, change: (text: string) => string): RuleSet {
  const changed = (text: string | undefined) => (text === undefined ? undefined : change(text));
  return ruleSetOf((key) => changed(rules[key]), rules.commands.map(change));
}
