import type { IptablesFlavour } from '../../../contracts/words/nodes.js';
import { ruleKeys, ruleTextKeys, type RuleTextKey } from '../../../contracts/words/rules.js';
import { command } from './command.js';
import type { PlannedRules } from '../../model/planTypes.js';
import type { RuleSet } from '../../model/scenario.js';

/** The rules and sysctls that one node loads, with placeholders filled in. */
export interface RulesToLoad {
  readonly rules: RuleSet;
  readonly iptables: IptablesFlavour;
  readonly sysctls: Readonly<Record<string, string>>;
}

/**
 * The texts and the command that loads them: sysctls, sets, rules, command lines, in this order, up to the first thing refused. It is told the sizes of the
 * texts, which it reads from its standard input. Undefined: there is nothing to load.
 */
export function plannedRules(
  purpose: string,
  { rules, iptables, sysctls }: RulesToLoad,
): PlannedRules | undefined {
  const settings = Object.entries(sysctls).map(([key, value]) => `${key}=${value}`);
  const texts = loadedTexts(rules);
  const sizes = [
    ...texts.map(([name, text]) => `${name}:${Buffer.byteLength(text)}`),
    ...rules.commands.map((line) => `command:${Buffer.byteLength(`${line}\n`)}`),
  ];
  if (settings.length === 0 && sizes.length === 0) return undefined;
  return {
    texts: {
      ...Object.fromEntries(texts),
      ...(rules.commands.length > 0 && { commands: rules.commands.join('\n') }),
    },
    load: command(purpose, ['bash', '/lab/load-rules.sh', iptables, ...settings, ...sizes]),
  };
}

/** The text that the loading script reads from its standard input. */
export function inputOf({ texts }: PlannedRules): string {
  return ruleKeys.map((key) => texts[key] ?? '').join('');
}

/** The texts that exist, in the order of loading, each with a line end, which the tools want after the last line. */
export function loadedTexts(rules: RuleSet): readonly (readonly [RuleTextKey, string])[] {
  return ruleTextKeys.flatMap((key) => {
    const text = rules[key];
    return text === undefined ? [] : [[key, text.endsWith('\n') ? text : `${text}\n`] as const];
  });
}
