import type { Family } from '../../../contracts/words/network.js';
import type { IptablesInput } from '../../syntax/calls/commandTexts.js';
import { iptablesWords } from '../../syntax/iptables/iptablesOptions.js';
import { chainKey, IptablesReader } from '../../syntax/iptables/iptablesText.js';
import { linesOf } from '../../syntax/word.js';
import { iptablesRule } from './iptablesRule.js';
import type { Chain, MarkSetting, Ruleset } from './rule.js';

/** The chains of iptables-save text. What cannot be read is passed over: it is for iptables to refuse. */
export function readIptables(text: string, family: Family): Ruleset {
  const reader = new IptablesReader<number>();
  reader.text(linesOf(text).map((line, index) => ({ words: iptablesWords(line), at: index + 1 })));
  return rulesetOf(reader, family);
}

/** What one call of iptables adds, and the number of the command that makes it, counted from 1. */
export interface AddedRules {
  readonly input: IptablesInput;
  readonly line: number;
}

/** The chains that calls of `iptables` (or `ip6tables`) and what they restore add to; others are passed over. */
export function readIptablesCommands(calls: readonly AddedRules[], family: Family): Ruleset {
  const reader = new IptablesReader<number>();
  for (const { input, line } of calls) {
    const [options = []] = input.lines;
    if (input.isRestored) reader.text(input.lines.map((words) => ({ words, at: line })));
    else reader.call(options, line);
  }
  return rulesetOf(reader, family);
}

function rulesetOf({ chains: written }: IptablesReader<number>, family: Family): Ruleset {
  const chains = new Map<string, Chain>();
  const marks: MarkSetting[] = [];
  for (const [key, { table, hook, policy, rules }] of written) {
    const read = rules.map((rule) => iptablesRule(rule, (name) => chainKey(table, name)));
    marks.push(...read.flatMap((rule) => rule.marks));
    chains.set(key, {
      ...{ hook, policy, isNat: table === 'nat', families: [family] },
      rules: read.map(({ rule }) => rule),
    });
  }
  return { chains, marks };
}
