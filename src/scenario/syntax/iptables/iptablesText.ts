import { type Hook, hooks } from '../../../contracts/words/rules.js';
import type { Word } from '../word.js';
import { type Option, optionsOf } from './iptablesOptions.js';

/** What a rule leads to: a target or a chain, by `-j` or `-g`, and the target's own options. */
export interface RuleTarget {
  readonly name: string;
  readonly isGoto: boolean;
  readonly options: readonly Option[];
}

/** A rule as it is written. `At` is where. */
export interface WrittenRule<At> {
  readonly at: At;
  /** What it asks of packets; `-m` stands among them. */
  readonly options: readonly Option[];
  /** Undefined: it only counts. */
  readonly target: RuleTarget | undefined;
}

/** A chain of a table, its rules in the order in which packets pass them. */
export interface WrittenChain<At> {
  readonly table: string;
  readonly name: string;
  /** Undefined: only other chains lead to it. */
  readonly hook: Hook | undefined;
  /** As long as no line says one, the kernel's own: it accepts. */
  readonly policy: 'accept' | 'drop';
  readonly hasPolicy: boolean;
  /** Where the policy is, or the chain is first named. */
  readonly at: At;
  readonly rules: readonly WrittenRule<At>[];
}

/** A line's words, and where it is. */
export interface TextLine<At> {
  readonly words: readonly Word[];
  readonly at: At;
}

type UnfinishedChain<At> = WrittenChain<At> & {
  policy: 'accept' | 'drop';
  hasPolicy: boolean;
  at: At;
  readonly rules: WrittenRule<At>[];
};

/** How a chain is called among those of all tables. */
export function chainKey(table: string, chain: string): string {
  return `${table} ${chain}`;
}

/** Reads what iptables-save prints, lines of a script and calls of `iptables`, as many as there are, as one set of rules. */
export class IptablesReader<At> {
  readonly #chains = new Map<string, UnfinishedChain<At>>();
  readonly #others: At[] = [];

  /** All chains that were named, by `chainKey`. */
  get chains(): ReadonlyMap<string, WrittenChain<At>> {
    return this.#chains;
  }

  /** Where something stands that neither names a chain nor puts a rule into one. `-R`, which does, is among them: a text as it is saved has none. */
  get others(): readonly At[] {
    return this.#others;
  }

  /** Lines as iptables-restore reads them: a table that begins once more begins empty. */
  text(lines: readonly TextLine<At>[]): void {
    let table = 'filter';
    for (const { words, at } of lines) {
      const [first, policy = '-'] = words.slice(0, 2).map(({ text }) => text);
      if (first === undefined || first.startsWith('#')) continue;
      if (first === 'COMMIT' && words.length === 1) continue;
      if (first.startsWith('*')) {
        table = first.slice(1);
        this.#empty(table);
      } else if (first.startsWith(':')) this.#declare(table, first.slice(1), policy, at);
      else this.#order(table, words, at);
    }
  }

  /** The arguments of one call, which may name its table anywhere. */
  call(words: readonly Word[], at: At): void {
    const tables = optionsOf(words).filter(({ option }) => option === '-t');
    const index = words.findIndex(({ text }) => text === '-t' || text === '--table');
    this.#order(
      tables.at(-1)?.values[0]?.text ?? 'filter',
      index < 0 ? words : words.toSpliced(index, 2),
      at,
    );
  }

  #empty(table: string): void {
    for (const [key, chain] of this.#chains) if (chain.table === table) this.#chains.delete(key);
  }

  #order(table: string, words: readonly Word[], at: At): void {
    // Counters may be before it, and the program's name where a script was given.
    const texts = words.map(({ text }) => text);
    const found = texts.findIndex((text) =>
      /^-[A-Z]$|^--(?:append|insert|replace|policy|new-chain)$/.test(text),
    );
    const index = found < 0 ? texts.length : found;
    const [verb = '', name = '', value = ''] = texts.slice(index);
    if (/^-P$|^--policy$/.test(verb)) this.#declare(table, name, value, at);
    else if (/^-N$|^--new-chain$/.test(verb)) this.#declare(table, name, '-', at);
    else if (/^-[AIR]$|^--(?:append|insert|replace)$/.test(verb) && index + 1 < texts.length)
      this.#add(table, verb, words.slice(index + 1), at);
    else this.#others.push(at);
    if (/^-R$|^--replace$/.test(verb)) this.#others.push(at);
  }

  #add(table: string, verb: string, [name, ...words]: readonly Word[], at: At): void {
    const [first] = words;
    const number = /^\d+$/.test(first?.text ?? '') ? Number(first?.text) : undefined;
    const rule = ruleOf(number === undefined ? words : words.slice(1), at);
    const { rules } = this.#chain(table, name?.text ?? '', at);
    if (!/I|insert/.test(verb)) rules.push(rule);
    else {
      // Where there are not as many, its place is among rules that are elsewhere.
      const place = (number ?? 1) - 1;
      rules.splice(place <= rules.length ? place : 0, 0, rule);
    }
  }

  #declare(table: string, name: string, policy: string, at: At): void {
    Object.assign(this.#chain(table, name, at), {
      ...{ policy: policy === 'DROP' ? 'drop' : 'accept', hasPolicy: true },
      at,
    });
  }

  #chain(table: string, name: string, at: At): UnfinishedChain<At> {
    const key = chainKey(table, name);
    const known = this.#chains.get(key);
    if (known !== undefined) return known;
    const hook = hooks.find((one) => one === name);
    const made: UnfinishedChain<At> = {
      table,
      name,
      hook,
      policy: 'accept',
      hasPolicy: false,
      at,
      rules: [],
    };
    this.#chains.set(key, made);
    return made;
  }
}

/** Options that a rule has wherever they stand, so that they are none of its target's. */
const ofRule: readonly string[] = [
  ...['-4', '-6', '-i', '-o', '-s', '-d', '-p', '-f', '-c', '--set-counters'],
];

/** Sorts the options of a rule: those up to the target, and behind it up to the next match the target's own. */
function ruleOf<At>(words: readonly Word[], at: At): WrittenRule<At> {
  const options: Option[] = [];
  const ofTarget: Option[] = [];
  let target: { readonly name: string; readonly isGoto: boolean } | undefined;
  let isInTarget = false;
  for (const one of optionsOf(words)) {
    const { option, values } = one;
    if (option === '-j' || option === '-g') {
      target = { name: values[0]?.text ?? '', isGoto: option === '-g' };
      isInTarget = true;
    } else if (option === '-m') {
      options.push(one);
      isInTarget = false;
    } else if (isInTarget && !ofRule.includes(option)) ofTarget.push(one);
    else options.push(one);
  }
  return { at, options, target: target && { ...target, options: ofTarget } };
}
