import type { Family } from '../../../contracts/words/network.js';
import { iptablesRule } from './iptablesRule.js';
import type { Chain, Hook, MarkSetting, Rule, Ruleset } from './rule.js';
import { wordsOf } from './words.js';

const hooks: readonly string[] = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] satisfies Hook[];

/** A chain while its text is read. */
type Growing = Omit<Chain, 'rules'> & { readonly rules: Rule[] };

/** The chains of iptables-save text. What cannot be read is passed over: it is for iptables to refuse. */
export function readIptables(text: string, family: Family): Ruleset {
  const read = new IptablesText(family);
  let table = 'filter';
  for (const [index, line] of text.split('\n').entries()) {
    const [first = '', ...rest] = wordsOf(line);
    if (first.startsWith('*')) table = first.slice(1);
    else if (first.startsWith(':')) read.declare(table, first.slice(1), rest[0] ?? '-');
    else if (!first.startsWith('#')) read.rule(table, [first, ...rest], index + 1);
  }
  return read.ruleset();
}

/** The chains that lines with the command `iptables` (or `ip6tables`) add to; others are passed over. */
export function readIptablesCommands(lines: readonly (readonly string[])[], family: Family): Ruleset {
  const read = new IptablesText(family);
  for (const [index, words] of lines.entries()) {
    const [, ...options] = words;
    const at = options.findIndex((word) => word === '-t' || word === '--table');
    const table = at < 0 ? 'filter' : (options[at + 1] ?? 'filter');
    const rest = at < 0 ? options : options.toSpliced(at, 2);
    if (rest[0] === '-P') read.declare(table, rest[1] ?? '', rest[2] ?? '');
    else read.rule(table, rest, index + 1);
  }
  return read.ruleset();
}

class IptablesText {
  readonly #chains = new Map<string, Growing>();
  readonly #marks: MarkSetting[] = [];

  constructor(private readonly family: Family) {}

  declare(table: string, name: string, policy: string): void {
    const chain = this.#chain(table, name);
    this.#chains.set(key(table, name), { ...chain, policy: policy === 'DROP' ? 'drop' : 'accept' });
  }

  /** Words from `-A` on; counters may be before it. */
  rule(table: string, words: readonly string[], line: number): void {
    const start = words.findIndex((word) => /^(?:-[AI]|--append|--insert)$/.test(word));
    const name = words[start + 1];
    if (start < 0 || name === undefined) return;
    const inserted = /I|insert/.test(words[start] ?? '');
    const options = words.slice(start + 2);
    const rule = iptablesRule(/^\d+$/.test(options[0] ?? '') ? options.slice(1) : options, (chain) =>
      key(table, chain),
    );
    const found = { line, asked: rule.asked, ending: rule.ending };
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
    const hook = hooks.includes(name) ? (name as Hook) : undefined;
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

const key = (table: string, chain: string): string => `${table} ${chain}`;
