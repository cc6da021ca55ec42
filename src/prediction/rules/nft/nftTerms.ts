import { bounds, type Clause, type Element } from '../../../scenario/syntax/nftClauses.js';
import type { Subject } from '../../../scenario/syntax/subject.js';
import type { Word } from '../../../scenario/syntax/word.js';
import type { Family } from '../../../contracts/words/network.js';
import type { NumberRange, Term } from '../../model/filter.js';
import { countingReason } from '../opaqueReasons.js';
import { segmentSizeTerms } from '../segmentSizeTerms.js';
import { subjectTerm } from '../subjectTerm.js';
import { never, opaqueTerm, protocolTerm } from '../terms.js';
import type { NftTable } from './nftTable.js';

export type Match = Extract<Clause, { readonly kind: 'match' }>;

/** The terms of a comparison, verdict maps aside. */
export function matchTerms(match: Match, table: NftTable): readonly Term[] {
  return [...headerTerms(match), ...valueTerms(match, table)];
}

/** Headers that a packet must have for something of it to be compared. */
export function headerTerms({ subjects, words }: Match): readonly Term[] {
  const protocols = subjects.flatMap(({ protocol }) => protocol ?? []);
  const first = words[0]?.text;
  const family: Family | undefined = first === 'ip' ? 'ipv4' : first === 'ip6' ? 'ipv6' : undefined;
  return [
    ...protocols.map((name) => protocolTerm(name)),
    ...(family === undefined ? [] : [{ kind: 'family', families: [family], negated: false } as const]),
  ];
}

/** The terms of one key of a map or set, for the subjects in their order. */
export function keyTerms({ subjects, words }: Match, keys: readonly Word[]): readonly Term[] {
  return subjects.map((subject, index) => {
    const key = keys[index];
    return key === undefined ? textTerm(words) : oneTerm(subject, [key.text], { words, negated: false });
  });
}

function valueTerms(match: Match, table: NftTable): readonly Term[] {
  const { subjects, negated, isPlain, mask, elements, set, words } = match;
  const [only] = subjects;
  const ofHeader = headerFieldTerms(match);
  if (ofHeader !== undefined) return ofHeader;
  if (only === undefined) return [textTerm(words)];
  if (set !== undefined) return setTerms(match, table.elementsOf(set), set);
  if (!isPlain) return [boundTerm(match)];
  if (subjects.length > 1) return setTerms(match, elements, undefined);
  const values = elements.flatMap(({ keys: [key] }) => key?.text ?? []);
  return [oneTerm(only, values, { words, negated, mask: mask?.text })];
}

/** All bits of `ip frag-off` but that a packet may not be cut: it is a piece of one where any is set. */
const pieceBits = 0x3fff;

/** What fields ask that are the same in all packets of a service, or in all of a kind; undefined: it is another field. */
function headerFieldTerms({ words, negated, mask, elements, set }: Match): readonly Term[] | undefined {
  const text = textOf(words);
  const [only, ...others] = elements;
  const value = only?.keys[0]?.text ?? '';
  if (set !== undefined || others.length > 0) return undefined;
  if (text.startsWith('tcp option maxseg size ')) {
    const range = boundedRange(text, value, 65_535);
    return range && segmentSizeTerms({ text, range, negated, isNoneOther: false });
  }
  // The services' packets are whole.
  const bits = Number(mask?.text ?? Number.NaN);
  const isOfPieces = text.startsWith('ip frag-off ') && bits > 0 && (bits & ~pieceBits) === 0;
  if (!isOfPieces || !/^(?:0x)?[\da-f]+$/i.test(value)) return undefined;
  const operator = words.map((word) => word.text).find((one) => bounds.includes(one));
  if (operator !== undefined && operator !== '>' && operator !== 'gt') return undefined;
  return [{ kind: 'always', negated: ((Number(value) === 0) !== negated) === (operator !== undefined) }];
}

/** The numbers that `1-500`, `536` or, with a bound before it, `< 536` stands for; undefined: it is none of these. */
function boundedRange(text: string, value: string, most: number): NumberRange | undefined {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(value) ?? [];
  if (first === undefined || last === undefined) return undefined;
  const [, operator] = / (<|>|<=|>=|lt|gt|le|ge) /.exec(text) ?? [];
  return operator === undefined ? [Number(first), Number(last)] : beyond(operator, Number(first), most);
}

/** What is on one side of a number. */
function beyond(operator: string, value: number, most: number): NumberRange {
  switch (operator) {
    case '<':
    case 'lt':
      return [0, value - 1];
    case '<=':
    case 'le':
      return [0, value];
    case '>':
    case 'gt':
      return [value + 1, most];
    default:
      return [value, most];
  }
}

/** Elements of a named set, or of several parts; undefined: no file says what the set has. */
function setTerms(
  { subjects, negated, words }: Match,
  elements: readonly Element[] | undefined,
  name: string | undefined,
): readonly Term[] {
  const [only] = subjects;
  if (elements === undefined)
    return subjects.length === 1 && only?.type === 'address' && only.side === 'source'
      ? [{ kind: 'listed', side: 'source', name: name ?? '', negated }]
      : [opaqueTerm(textOf(words), 'what the set has is not in any file, or changes')];
  if (subjects.length === 1 && only !== undefined)
    return [
      oneTerm(
        only,
        elements.flatMap(({ keys: [key] }) => key?.text ?? []),
        { words, negated },
      ),
    ];
  const alternatives = elements.map(({ keys }) =>
    subjects.map((subject, index) => oneTerm(subject, [keys[index]?.text ?? ''], { words, negated: false })),
  );
  return [{ kind: 'any', alternatives, text: textOf(words), negated }];
}

interface Compared {
  readonly words: readonly Word[];
  readonly negated: boolean;
  readonly mask?: string | undefined;
}

function oneTerm(subject: Subject, values: readonly string[], { words, negated, mask }: Compared): Term {
  const isNamed = values.some((value) => value.startsWith('$') || value.startsWith('@'));
  // Flags are compared bit by bit: `bitmask.ts`.
  if (isNamed || subject.type === 'flags') return textTerm(words);
  const term = subjectTerm(subject, values, { negated, mask });
  if (term?.kind === 'interface') return { ...term, isNft: true };
  return term ?? (isStatusOfNat(words, values) && !negated ? never : textTerm(words));
}

/** Whether it asks for what a rule of nat has done: none has changed a packet that is still on its way here. */
function isStatusOfNat(words: readonly Word[], values: readonly string[]): boolean {
  const [first, second] = words.map(({ text }) => text);
  return (
    first === 'ct' && second === 'status' && values.every((value) => value === 'dnat' || value === 'snat')
  );
}

/** `tcp dport >= 1024`, `meta mark < 5`. */
function boundTerm({ subjects, words, negated, elements }: Match): Term {
  const [subject] = subjects;
  const operator = words.map(({ text }) => text).find((text) => bounds.includes(text));
  const value = Number(elements[0]?.keys[0]?.text);
  const isSimple =
    subject?.type === 'port' &&
    subject.side !== 'other' &&
    operator !== undefined &&
    Number.isInteger(value) &&
    !negated;
  if (!isSimple) return textTerm(words);
  return {
    kind: 'port',
    side: subject.side === 'source' ? 'source' : 'destination',
    ranges: [beyond(operator, value, 65_535)],
    negated,
  };
}

/** A term that cannot be known, with the words that say it. */
export function textTerm(words: readonly Word[]): Term {
  const text = textOf(words);
  const [first = ''] = words.map((word) => word.text);
  // A site that dropped what its routes lead back elsewhere for would serve nobody.
  if (first === 'fib' && /\bmissing\b/.test(text))
    return {
      kind: 'always',
      negated: !text.includes('!='),
      assumed: `\`${text}\`: the way back to clients is by the interface they come in`,
    };
  const isCounting = /^(?:limit|quota|numgen|ct count|meter|random|last)\b/.test(text);
  return opaqueTerm(text, isCounting ? countingReason : 'what it asks is not known here');
}

function textOf(words: readonly Word[]): string {
  return words.map(({ text }) => text).join(' ');
}
