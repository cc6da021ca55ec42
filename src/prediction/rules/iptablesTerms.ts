import type { Family } from '../../contracts/words/network.js';
import { matchesOf, type Question } from '../../scenario/syntax/iptables/iptablesMatches.js';
import type { Option } from '../../scenario/syntax/iptables/iptablesOptions.js';
import type { Side, SubjectType } from '../../scenario/syntax/subject.js';
import type { Term } from '../model/filter.js';
import { reasonOf } from './opaqueReasons.js';
import { segmentSizeTerms } from './segmentSizeTerms.js';
import { subjectTerm } from './subjectTerm.js';
import { never, opaqueTerm } from './terms.js';

/** What a `-m set` match asks of packets, by the name of the set. */
export type SetTerms = (name: string, sides: readonly Side[], negated: boolean) => readonly Term[];

/** What the options of a rule's matches mean. */
interface Reading {
  readonly family: Family;
  readonly sets: SetTerms;
}

/** What the options of a rule's matches ask of packets; `-m` is among these options. Terms that cannot be known here come last. */
export function iptablesTerms(options: readonly Option[], reading: Reading): readonly Term[] {
  const terms: Term[] = [];
  const opaque: Term[] = [];
  for (const { module, asksItself, questions } of matchesOf(options)) {
    /** Options that only their module understands. */
    const texts: string[] = [];
    for (const question of questions) {
      const known = knownTerms(question, reading);
      if (known === undefined) texts.push(optionText(question.option));
      else terms.push(...known);
    }
    if (asksItself || texts.length > 0) opaque.push(...moduleTerms(module, texts));
  }
  return [...terms, ...opaque];
}

/** The terms of one question of a match; undefined: it is told as not followed, together with the other options of the match. */
function knownTerms({ option, asked }: Question, { family, sets }: Reading): readonly Term[] | undefined {
  const { negated } = option;
  switch (asked.kind) {
    case 'set':
      return sets(asked.name, asked.sides, negated);
    case 'value': {
      const { subject, values, mask } = asked;
      const known = subjectTerm(subject, values, { negated, mask });
      if (known?.kind === 'address')
        return [{ ...known, ranges: known.ranges.filter((range) => range.family === family) }];
      if (known !== undefined) return [known];
      const why = subject.of === undefined ? unreadable[subject.type] : undefined;
      return why && [opaqueTerm(why.text(option), why.reason)];
    }
    case 'other':
      return undefined;
  }
}

/** How options are told whose values cannot be read. */
const unreadable: Readonly<
  Partial<
    Record<SubjectType, { readonly text: (option: Option) => string; readonly reason: string } | undefined>
  >
> = {
  address: { text: valueText, reason: 'which addresses it stands for is not in any file' },
  protocol: {
    text: (option) => `protocol ${valueText(option)}`,
    reason: 'the protocol is not known here by this name',
  },
  port: { text: (option) => `port ${valueText(option)}`, reason: 'the port is not known here by this name' },
  state: {
    text: (option) => `state ${valueText(option).toUpperCase()}`,
    reason: 'one of the states is not known here',
  },
  flags: { text: plainText, reason: 'a flag is not known here' },
  icmpType: { text: plainText, reason: 'the type is not known here by this name' },
  mark: { text: plainText, reason: 'the mark is no number' },
};

function moduleTerms(module: string, texts: readonly string[]): readonly Term[] {
  const [, not, first, last = first] = /^(! )?--mss (\d+)(?::(\d+))?$/.exec(texts.join(' ')) ?? [];
  if (module === 'tcpmss' && first !== undefined) {
    const range = [Number(first), Number(last)] as const;
    const text = `-m tcpmss ${texts.join(' ')}`;
    return segmentSizeTerms({ text, range, negated: not !== undefined, isNoneOther: true });
  }
  return [moduleTerm(module, texts)];
}

function moduleTerm(module: string, texts: readonly string[]): Term {
  const text = [...(module === '' ? [] : [`-m ${module}`]), ...texts].join(' ');
  // It is what routers ask to find forged sources; a site where it refused the clients would serve nobody.
  if (module === 'rpfilter')
    return {
      kind: 'always',
      negated: texts.includes('--invert'),
      assumed: `\`${text}\`: the way back to clients is by the interface they come in`,
    };
  // What is for this machine is routed to it, and no bridge's own.
  if (module === 'physdev' && texts.join(' ') === '--physdev-is-bridged') return never;
  return opaqueTerm(text, reasonOf(module));
}

function valueText({ values: [value] }: Option): string {
  return value?.text ?? '';
}

function plainText({ option, values }: Option): string {
  return [option, ...values.map(({ text }) => text)].join(' ');
}

function optionText(option: Option): string {
  return `${option.negated ? '! ' : ''}${plainText(option)}`;
}
