import { bounds, type Clause, type Element } from '../../../scenario/syntax/nftClauses.js';
import type { Subject } from '../../../scenario/syntax/subject.js';
import type { Word } from '../../../scenario/syntax/word.js';
import type { Family } from '../../../contracts/words/network.js';
import { knownPorts } from '../../../scenario/syntax/ports.js';
import { parseRange } from '../../../site/model/addressRange.js';
import { conntrackStates, type Term } from '../../model/filter.js';
import { icmpTypes } from '../icmpTypes.js';
import { countingReason } from '../opaqueReasons.js';
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
    ...protocols.map((name) => protocolTerm(name, false)),
    ...(family === undefined ? [] : [familyTerm(family, false)]),
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
  if (only === undefined) return [textTerm(words)];
  if (set !== undefined) return setTerms(match, table.elementsOf(set), set);
  if (!isPlain) return [boundTerm(match)];
  if (subjects.length > 1) return setTerms(match, elements, undefined);
  const values = elements.flatMap(({ keys: [key] }) => key?.text ?? []);
  if (mask !== undefined)
    return only.type === 'mark' && only.of === 'packet'
      ? [markTerm(values, mask.text, match)]
      : [textTerm(words)];
  return [oneTerm(only, values, { words, negated })];
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
}

function oneTerm(subject: Subject, values: readonly string[], compared: Compared): Term {
  const { words, negated } = compared;
  if (values.some((value) => value.startsWith('$') || value.startsWith('@'))) return textTerm(words);
  const { type, side } = subject;
  switch (type) {
    case 'interface':
      return side === 'other' || !isOfPacket(words)
        ? textTerm(words)
        : { kind: 'interface', way: side === 'source' ? 'in' : 'out', names: values, negated, isNft: true };
    case 'address': {
      const ranges = values.map(parseRange);
      const known = ranges.filter((range) => range !== undefined);
      return side === 'other' || !isOfPacket(words) || known.length < ranges.length
        ? textTerm(words)
        : { kind: 'address', side, ranges: known, negated };
    }
    case 'port': {
      const ranges = knownPorts(values);
      return side === 'other' || ranges === undefined
        ? textTerm(words)
        : { kind: 'port', side, ranges, negated };
    }
    case 'protocol':
      return protocolsTerm(values, compared);
    case 'family':
      return familiesTerm(values, compared);
    case 'mark':
      return subject.of === 'packet' ? markTerm(values, undefined, compared) : textTerm(words);
    case 'state':
      return stateTerm(values, compared);
    case 'other':
      return otherTerm(values, compared);
    case 'mac':
    case 'user':
    case 'group':
    case 'devgroup':
    case 'realm':
    case 'cgroup':
      return textTerm(words);
  }
}

/** Whether the packet's own header is asked, and not what conntrack or a look at the routes has of it. */
function isOfPacket(words: readonly Word[]): boolean {
  return (
    ['ip', 'ip6', 'meta', 'iif', 'iifname', 'oif', 'oifname'].includes(words[0]?.text ?? '') ||
    (words.some(({ text }) => text === 'saddr' || text === 'daddr') &&
      !['ct', 'fib', 'arp', 'rt', 'ipsec'].includes(words[0]?.text ?? ''))
  );
}

/** Each value is a key of a verdict map: the bits of just this state. */
function stateTerm(values: readonly string[], { words, negated }: Compared): Term {
  const states = conntrackStates.filter((state) => values.includes(state.toLowerCase()));
  return states.length === values.length ? { kind: 'state', states, negated } : textTerm(words);
}

function protocolsTerm(values: readonly string[], { words, negated }: Compared): Term {
  const ranges = values.map((value) => protocolTerm(value, false));
  const known = ranges.flatMap((term) => (term.kind === 'protocol' ? term.ranges : []));
  return known.length === ranges.length ? { kind: 'protocol', ranges: known, negated } : textTerm(words);
}

const familyNames: Readonly<Record<string, Family | undefined>> = {
  ipv4: 'ipv4',
  ip: 'ipv4',
  ipv6: 'ipv6',
  ip6: 'ipv6',
};

function familiesTerm(values: readonly string[], { words, negated }: Compared): Term {
  const families = values.flatMap((value) => familyNames[value] ?? []);
  return families.length === values.length ? { kind: 'family', families, negated } : textTerm(words);
}

function familyTerm(family: Family, negated: boolean): Term {
  return { kind: 'family', families: [family], negated };
}

function markTerm(
  values: readonly string[],
  maskText: string | undefined,
  { words, negated }: Compared,
): Term {
  const mask = maskText === undefined ? 0xffff_ffff : Number(maskText);
  const ranges = values
    .map((value) => value.split('-').map(Number))
    .map(([first = Number.NaN, last = first]) => [first, last] as const);
  return Number.isNaN(mask) || ranges.flat().some(Number.isNaN)
    ? textTerm(words)
    : { kind: 'mark', ranges, mask, negated };
}

function otherTerm(values: readonly string[], { words, negated }: Compared): Term {
  const [first = '', second = '', third = ''] = words.map(({ text }) => text);
  if ((first === 'icmp' || first === 'icmpv6') && second === 'type') {
    const types = icmpTypes(values, first === 'icmp' ? 'ipv4' : 'ipv6');
    return types === undefined || types === 'any' ? textTerm(words) : { kind: 'icmp', types, negated };
  }
  if ([first, second].includes('pkttype'))
    return {
      kind: 'always',
      negated: values.some((value) => ['host', 'unicast'].includes(value)) === negated,
    };
  if (first === 'fib' && third === 'type' && (second === 'daddr' || second === 'saddr'))
    return {
      kind: 'addressType',
      side: second === 'daddr' ? 'destination' : 'source',
      types: values.map((value) => value.toUpperCase()),
      negated,
    };
  // No rule of nat has changed a packet that is still on its way here.
  if (
    first === 'ct' &&
    second === 'status' &&
    values.every((value) => ['dnat', 'snat'].includes(value)) &&
    !negated
  )
    return never;
  return textTerm(words);
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
  const range =
    operator === '<' || operator === 'lt'
      ? ([0, value - 1] as const)
      : operator === '<=' || operator === 'le'
        ? ([0, value] as const)
        : ([operator === '>' || operator === 'gt' ? value + 1 : value, 65_535] as const);
  return {
    kind: 'port',
    side: subject.side === 'source' ? 'source' : 'destination',
    ranges: [range],
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
