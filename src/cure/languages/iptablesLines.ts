import type { Draft } from '../model/draft.js';
import { isOption, optionNames, type RuleWord, wordsIn } from './ruleWords.js';

/** A rule of a text that iptables-save or `iptables -S` printed. */
export interface IptablesRule {
  readonly line: number;
  readonly table: string;
  readonly chain: string;
  /** Its place among the rules of its chain, counted from 1, as iptables counts. */
  readonly number: number;
  readonly words: readonly RuleWord[];
  /** What is before the rule in its line: blanks, and counters. */
  readonly prefix: string;
  /** What it says behind the chain's name. */
  readonly specification: string;
}

/** What a text is made of beside its rules. */
export interface IptablesLines {
  readonly rules: readonly IptablesRule[];
  /** The lines that declare chains, by table and chain. */
  readonly declarations: ReadonlyMap<string, number>;
  /** Whether tables are named, as `iptables -S` does not. */
  readonly hasTables: boolean;
}

/** Where everything is in a text of iptables. */
export function iptablesLines(draft: Draft): IptablesLines {
  let rules: IptablesRule[] = [];
  const declarations = new Map<string, number>();
  const counts = new Map<string, number>();
  let table = 'filter';
  let hasTables = false;
  for (const index of draft.lines.keys()) {
    const text = draft.textAt(index + 1);
    const trimmed = text.trim();
    const [, named] = /^\*(\S+)/.exec(trimmed) ?? [];
    const [, declared] = /^(?::|-[PN]\s+)(\S+)/.exec(trimmed) ?? [];
    if (named !== undefined) {
      table = named;
      hasTables = true;
      // For iptables-restore a table that begins once more begins empty.
      rules = rules.filter((rule) => rule.table !== named);
      for (const known of [counts, declarations])
        for (const key of [...known.keys()]) if (key.startsWith(`${named} `)) known.delete(key);
    } else if (declared !== undefined) declarations.set(`${table} ${declared}`, index + 1);
    if (named !== undefined || declared !== undefined || trimmed.startsWith('#')) continue;
    const words = wordsIn(text);
    const verb = words.findIndex((word) => isOption(word, optionNames.append));
    const chain = words[verb + 1];
    if (verb < 0 || chain === undefined) continue;
    const key = `${table} ${chain.text}`;
    const number = (counts.get(key) ?? 0) + 1;
    counts.set(key, number);
    rules.push({
      line: index + 1,
      table,
      chain: chain.text,
      number,
      words: words.slice(verb + 2),
      prefix: text.slice(0, words[verb]?.start ?? 0),
      specification: text.slice(chain.end).trim(),
    });
  }
  return { rules, declarations, hasTables };
}

/** The line before which a rule stands that comes last in its chain; undefined: the chain is not in the text. */
export function endOfChain(
  { rules, declarations }: IptablesLines,
  table: string,
  chain: string,
): number | undefined {
  const last = rules.findLast((rule) => rule.table === table && rule.chain === chain)?.line;
  if (last !== undefined) return last + 1;
  if (!declarations.has(`${table} ${chain}`)) return undefined;
  const ofTable = [...declarations].flatMap(([key, line]) => (key.startsWith(`${table} `) ? [line] : []));
  return Math.max(...ofTable) + 1;
}
