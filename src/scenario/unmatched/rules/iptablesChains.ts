import type { Family } from '../../../contracts/words/network.js';
import { hooks } from '../../../contracts/words/rules.js';
import { iptablesRule } from './iptablesRule.js';
import type { Chain, MarkSetting, Rule, Ruleset } from './rule.js';
import type { IptablesInput } from '../../syntax/calls/commandTexts.js';
import { iptablesWords, optionsOf } from '../../syntax/iptables/iptablesOptions.js';
import { linesOf, type Word } from '../../syntax/word.js';

/** A chain while its text is read. */
type Growing = Omit<Chain, 'rules'> & { readonly rules: Rule[] };

/** The chains of iptables-save text. What cannot be read is passed over: it is for iptables to refuse. */
export function readIptables(text: string, family: Family): Ruleset {
  const read = new IptablesText(family);
  read.text(linesOf(text).map(iptablesWords), (index) => index + 1);
  return read.ruleset();
}

/** What one call of iptables adds, and the number of the command that makes it, counted from 1. */
export interface AddedRules {
  readonly input: IptablesInput;
  readonly line: number;
}

/** The chains that calls of `iptables` (or `ip6tables`) and what they restore add to; others are passed over. */
export function readIptablesCommands(calls: readonly AddedRules[], family: Family): Ruleset {
  const read = new IptablesText(family);
  for (const { input, line } of calls) {
    const [options = []] = input.lines;
    if (input.isRestored) read.text(input.lines, () => line);
    else read.command(options, line);
  }
  return read.ruleset();
}

class IptablesText {
  readonly #chains = new Map<string, Growing>();
  readonly #marks: MarkSetting[] = [];

  constructor(private readonly family: Family) {}

  /** Lines as iptables-restore reads them; `lineOf` gives the number of one, counted from 0. */
  text(lines: readonly (readonly Word[])[], lineOf: (index: number) => number): void {
    let table = 'filter';
    for (const [index, words] of lines.entries()) {
      const [first = '', policy = '-'] = words.slice(0, 2).map(({ text }) => text);
      if (first.startsWith('*')) table = first.slice(1);
      else if (first.startsWith(':')) this.#declare(table, first.slice(1), policy);
      else if (!first.startsWith('#')) this.#order(table, words, lineOf(index));
    }
  }

  /** The arguments of a call. */
  command(words: readonly Word[], line: number): void {
    const tables = optionsOf(words).filter(({ option }) => option === '-t');
    const table = tables.at(-1)?.values[0]?.text ?? 'filter';
    this.#order(table, withoutTable(words), line);
  }

  /** What a line or a call says to do: iptables-restore takes policies in both ways. */
  #order(table: string, words: readonly Word[], line: number): void {
    const at = words.findIndex(({ text }) => text === '-P' || text === '--policy');
    if (at >= 0) this.#declare(table, words[at + 1]?.text ?? '', words[at + 2]?.text ?? '');
    else this.#rule(table, words, line);
  }

  #declare(table: string, name: string, policy: string): void {
    const chain = this.#chain(table, name);
    this.#chains.set(key(table, name), { ...chain, policy: policy === 'DROP' ? 'drop' : 'accept' });
  }

  /** Words from `-A` on; counters may be before it. */
  #rule(table: string, words: readonly Word[], line: number): void {
    const start = words.findIndex(({ text }) => /^(?:-[AIR]|--append|--insert|--replace)$/.test(text));
    const name = words[start + 1]?.text;
    if (start < 0 || name === undefined) return;
    const inserted = /I|insert/.test(words[start]?.text ?? '');
    const options = words.slice(start + 2);
    const rule = iptablesRule(/^\d+$/.test(options[0]?.text ?? '') ? options.slice(1) : options, (chain) =>
      key(table, chain),
    );
    const found = { line, asked: rule.asked, uses: rule.uses, ending: rule.ending };
    const { rules } = this.#chain(table, name);
    if (inserted) rules.unshift(found);
    else rules.push(found);
    this.#marks.push(...rule.marks);
  }

  ruleset(): Ruleset {
    return { chains: this.#chains, marks: this.#marks };
  }

  #chain(table: string, name: string): Growing {
    const known = this.#chains.get(key(table, name));
    if (known !== undefined) return known;
    const hook = hooks.find((one) => one === name);
    const chain: Growing = {
      hook,
      isNat: table === 'nat',
      families: [this.family],
      policy: 'accept',
      rules: [],
    };
    this.#chains.set(key(table, name), chain);
    return chain;
  }
}

/** A table may be named in the middle of a rule, about which it says nothing. */
function withoutTable(words: readonly Word[]): readonly Word[] {
  const at = words.findIndex(({ text }) => text === '-t' || text === '--table');
  return at < 0 ? words : words.toSpliced(at, 2);
}

const key = (table: string, chain: string): string => `${table} ${chain}`;
