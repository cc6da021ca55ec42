import type { Family } from '../../contracts/words/network.js';
import { hooks } from '../../contracts/words/rules.js';
import { iptablesWords, type Option, optionsOf } from '../../scenario/syntax/iptables/iptablesOptions.js';
import { linesOf, type Word } from '../../scenario/syntax/word.js';
import type { SiteProblem } from '../../site/model/siteProblem.js';
import type { FileLine, SourceFile } from '../../site/model/sourceFile.js';
import type { BaseChain, FilterChain, FilterRule } from '../model/filter.js';
import { iptablesAction, type RuleTarget } from './iptablesActions.js';
import { iptablesTerms, type SetTerms } from './iptablesTerms.js';
import type { ReadRules } from './readRules.js';

/** Where the kernel calls the chains of each table. */
const priorities: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  nat: -100,
  filter: 0,
  security: 50,
};

/** Chains of nat that change sources come later. */
const lateNat: readonly string[] = ['INPUT', 'POSTROUTING'];

interface Growing {
  base: BaseChain | undefined;
  readonly rules: UnreadRule[];
}

/** A rule whose target may be a chain that comes later. */
interface UnreadRule {
  readonly at: FileLine;
  readonly options: readonly Option[];
  readonly target: RuleTarget | undefined;
}

/** Reads texts of one family as one, one behind the other. */
export function readIptablesFiles(files: readonly SourceFile[], family: Family, sets: SetTerms): ReadRules {
  const text = new IptablesText(family);
  for (const file of files) text.read(file);
  return text.result(sets);
}

class IptablesText {
  readonly #chains = new Map<string, Growing>();
  readonly #problems: SiteProblem[] = [];

  constructor(private readonly family: Family) {}

  read({ name, text }: SourceFile): void {
    let table = 'filter';
    for (const [index, source] of linesOf(text).entries()) {
      const at: FileLine = { file: name, line: index + 1, text: source.text.trim() };
      if (at.text === '' || at.text.startsWith('#') || at.text === 'COMMIT') continue;
      const words = iptablesWords(source);
      const first = words[0]?.text ?? '';
      if (first.startsWith('*')) table = first.slice(1);
      else if (first.startsWith(':')) this.#declare(table, [first.slice(1), words[1]?.text ?? '-'], at);
      else this.#order(table, words, at);
    }
  }

  result(sets: SetTerms): ReadRules {
    const reading = { family: this.family, sets };
    const chains = new Map<string, FilterChain>();
    for (const [key, { base, rules }] of this.#chains) {
      const [table = ''] = key.split(' ');
      const keyOf = (name: string) => `${table} ${name}`;
      const isChain = (name: string) => this.#chains.has(keyOf(name));
      chains.set(key, {
        name: key,
        base,
        rules: rules.map(({ at, options, target }): FilterRule => ({
          at,
          terms: iptablesTerms(options, reading),
          action: target === undefined ? { kind: 'nothing' } : iptablesAction(target, isChain, keyOf),
        })),
      });
    }
    return { chains, problems: this.#problems };
  }

  #order(table: string, words: readonly Word[], at: FileLine): void {
    // Counters may be before it, and the program's name where a script was given.
    const texts = words.map(({ text }) => text);
    const index = texts.findIndex((text) => /^-[A-Z]$|^--(?:append|insert|policy|new-chain)$/.test(text));
    const [verb = '', name = '', value = ''] = texts.slice(index < 0 ? texts.length : index);
    if (/^-P$|^--policy$/.test(verb)) this.#declare(table, [name, value], at);
    else if (/^-N$|^--new-chain$/.test(verb)) this.#declare(table, [name, '-'], at);
    else if (/^-[AI]$|^--(?:append|insert)$/.test(verb)) {
      const rest = words.slice(index + 2);
      const number = /^\d+$/.test(rest[0]?.text ?? '') ? Number(rest[0]?.text) : undefined;
      const rule = ruleOf(number === undefined ? rest : rest.slice(1), at);
      const { rules } = this.#chain(table, name, at);
      if (/I|insert/.test(verb)) rules.splice((number ?? 1) - 1, 0, rule);
      else rules.push(rule);
    } else
      this.#problems.push({
        done: 'refused',
        at,
        message: `expected a line as iptables-save prints it (*TABLE, :CHAIN, -A ...), found \`${at.text.slice(0, 80)}\``,
      });
  }

  #declare(table: string, [name = '', policy = '-']: readonly string[], at: FileLine): void {
    const chain = this.#chain(table, name, at);
    if (chain.base !== undefined)
      chain.base = { ...chain.base, policy: policy === 'DROP' ? 'drop' : 'accept', at };
  }

  #chain(table: string, name: string, at: FileLine): Growing {
    const key = `${table} ${name}`;
    const known = this.#chains.get(key);
    if (known !== undefined) return known;
    const hook = hooks.find((one) => one === name);
    const isNat = table === 'nat';
    const base: BaseChain | undefined =
      hook === undefined
        ? undefined
        : {
            hook,
            priority: isNat && lateNat.includes(hook) ? 100 : (priorities[table] ?? 0),
            families: [this.family],
            isNat,
            policy: 'accept',
            at,
          };
    const made: Growing = { base, rules: [] };
    this.#chains.set(key, made);
    return made;
  }
}

/** Options that a rule has wherever they stand, so that they are none of its target's. */
const ofRule: readonly string[] = ['-i', '-o', '-s', '-d', '-p', '-f', '-c', '--set-counters'];

/** Sorts the options of a rule: those up to the target, and behind it up to the next match the target's own. */
function ruleOf(words: readonly Word[], at: FileLine): UnreadRule {
  const options: Option[] = [];
  const ofTarget: Option[] = [];
  let target: { readonly name: string; readonly isGoto: boolean } | undefined;
  let isInTarget = false;
  for (const one of optionsOf(words)) {
    const { option, values } = one;
    if (['-j', '-g'].includes(option)) {
      target = { name: values[0]?.text ?? '', isGoto: option === '-g' };
      isInTarget = true;
    } else if (option === '-m') {
      options.push(one);
      isInTarget = false;
    } else if (isInTarget && !ofRule.includes(option)) ofTarget.push(one);
    else options.push(one);
  }
  return { at, options, target: target === undefined ? undefined : { ...target, options: ofTarget } };
}
