import { selectorAt } from './nftSelectors.js';
import { type MarkOwner, markOwner, type Subject } from './subject.js';
import type { Word } from './word.js';

/** An element of a set or map: its keys, one for each part of a concatenation, and in a map what is behind the colon. */
export interface Element<W = Word> {
  readonly keys: readonly W[];
  readonly data: readonly W[];
}

/** What one part of an nft statement asks of a packet, or does to it, and the words that say it. */
export type Clause = { readonly words: readonly Word[] } & ClauseKind;

type ClauseKind =
  | {
      readonly kind: 'match';
      readonly subjects: readonly Subject[];
      readonly negated: boolean;
      /** Whether the values are those that packets must have; else they are bounds, or are compared with something computed. */
      readonly isPlain: boolean;
      /** What the subject is masked with first. */
      readonly mask: Word | undefined;
      /** `map` gives a value, `vmap` a verdict. */
      readonly lookup: 'value' | 'map' | 'vmap';
      readonly elements: readonly Element[];
      /** `@name`, without the sign. */
      readonly set: string | undefined;
    }
  /** A verdict, or another end of the rule, with the words behind it. */
  | { readonly kind: 'verdict' }
  /** `mark set 1`; the value is undefined where it is computed. */
  | { readonly kind: 'mark'; readonly of: MarkOwner; readonly value: Word | undefined }
  /** Where packets are sent, or what address they get: the words that may name it, and the maps that do. */
  | {
      readonly kind: 'send';
      readonly verb: string;
      readonly to: readonly Word[];
      readonly device: Word | undefined;
      readonly maps: readonly string[];
    }
  /** `add @set { ... }`, `flow add @table`. */
  | { readonly kind: 'store'; readonly into: 'set' | 'flowtable'; readonly name: string }
  /** Something is changed that no rule of the lab's is about. */
  | { readonly kind: 'change' }
  | { readonly kind: 'unknown' };

/** The kernel takes 128 expressions in a rule, two of them for each comparison; what is behind these needs no reading, for the rule is refused. */
const mostClauses = 64;

/** The kernel has no room for longer concatenations. */
const mostParts = 16;

const verdicts: readonly string[] = [
  'accept',
  'drop',
  'reject',
  'return',
  'continue',
  'jump',
  'goto',
  'queue',
];
const sending: readonly string[] = ['dnat', 'snat', 'redirect', 'masquerade', 'tproxy'];
const operators: readonly string[] = [
  ...['&', '|', '^', 'and', 'or', 'xor', '<<', '>>', 'lshift', 'rshift', 'mod', 'offset', 'seed', '/', '-'],
];
/** Comparisons with a bound. */
export const bounds: readonly string[] = ['<', '>', '<=', '>=', 'lt', 'gt', 'le', 'ge'];

const logging: readonly string[] = ['prefix', 'level', 'group', 'flags', 'snaplen', 'queue-threshold'];

/** What the words of a rule of nft ask and do, one thing behind the other. Each word is looked at a fixed number of times. */
export function clausesOf(words: readonly Word[]): readonly Clause[] {
  const clauses: Clause[] = [];
  const text = (at: number): string => words[at]?.text ?? '';
  let index = 0;
  while (index < words.length && clauses.length < mostClauses) {
    const first = text(index);
    const silent = silentWords(words, index);
    if (silent > 0) index += silent;
    else if (verdicts.includes(first)) {
      clauses.push({ kind: 'verdict', words: words.slice(index, verdictEnd(words, index)) });
      break;
    } else if (sending.includes(first)) {
      return [
        ...clauses,
        ...sendClauses(words, index),
        { kind: 'verdict', words: words.slice(index, index + 1) },
      ];
    } else if (first === 'dup' || first === 'fwd') return [...clauses, ...sendClauses(words, index)];
    else if (first === 'notrack' || first === 'synproxy') {
      clauses.push({ kind: 'change', words: words.slice(index, index + 1) });
      index += 1;
    } else if (['add', 'update', 'delete'].includes(first) && text(index + 1).startsWith('@')) {
      const end = text(index + 2) === '{' ? closingOf(words, index + 2) + 1 : index + 2;
      const all = words.slice(index, end);
      clauses.push(
        { kind: 'store', into: 'set', name: text(index + 1).slice(1), words: all },
        { kind: 'change', words: all },
      );
      index = end;
    } else if (first === 'flow' && text(index + 2).startsWith('@')) {
      const all = words.slice(index, index + 3);
      clauses.push(
        { kind: 'store', into: 'flowtable', name: text(index + 2).slice(1), words: all },
        { kind: 'change', words: all },
      );
      index += 3;
    } else {
      const read = comparisonAt(words, index);
      // One that is unknown stands for all beside it.
      const isMore = read.clauses[0]?.kind === 'unknown' && clauses.at(-1)?.kind === 'unknown';
      if (!isMore) clauses.push(...read.clauses);
      index = read.end;
    }
  }
  return clauses;
}

/** Where a verdict ends that has a name behind it, or, of `reject`, with what. */
function verdictEnd(words: readonly Word[], start: number): number {
  if (words[start]?.text !== 'reject') return start + 2;
  const comment = words.findIndex(({ text }, index) => index > start && text === 'comment');
  return comment === -1 ? words.length : comment;
}

/** The elements between two braces, the braces left out; those of sets in sets are theirs as well. */
export function elementsOf<W extends Word>(words: readonly W[]): readonly Element<W>[] {
  const parts: W[][] = [[]];
  for (const word of words) {
    if (word.text === ',') parts.push([]);
    else if (word.text !== '{' && word.text !== '}') parts.at(-1)?.push(word);
  }
  return parts
    .filter((part) => part.length > 0)
    .map((part) => {
      const colon = part.findIndex(({ text }) => text === ':');
      const keys = part.slice(0, colon < 0 ? undefined : colon);
      return {
        // The first word, and those behind dots: others are timeouts, counters and comments.
        keys: keys.filter((word, at) => word.text !== '.' && (at === 0 || keys[at - 1]?.text === '.')),
        data: colon < 0 ? [] : part.slice(colon + 1),
      };
    });
}

interface Reading {
  readonly clauses: readonly Clause[];
  /** The index of the first word behind it. */
  readonly end: number;
}

/** The parts of a concatenation, or one selector; the subjects are none where a word begins no selector. */
function subjectsAt(words: readonly Word[], index: number) {
  const subjects: Subject[] = [];
  let end = index;
  for (;;) {
    const selector = selectorAt(words, end);
    if (selector === undefined) break;
    if (subjects.length < mostParts) subjects.push(selector.subject);
    end += selector.length;
    if (words[end]?.text !== '.') break;
    end += 1;
  }
  return { subjects, end };
}

function comparisonAt(words: readonly Word[], index: number): Reading {
  const text = (at: number): string => words[at]?.text ?? '';
  const { subjects, end: behind } = subjectsAt(words, index);
  const [only] = subjects;
  if (only === undefined) {
    const end = text(index) === '{' ? closingOf(words, index) + 1 : index + 1;
    return { clauses: [{ kind: 'unknown', words: words.slice(index, end) }], end };
  }
  let at = behind;
  if (text(at) === 'set') return settingAt(words, at + 1, only);
  let mask: Word | undefined;
  let isPlain = true;
  while (operators.includes(text(at))) {
    const isMask = ['&', 'and'].includes(text(at)) && mask === undefined && subjects.length === 1;
    if (isMask) mask = words[at + 1];
    else isPlain = false;
    at += 2;
  }
  const negated = text(at) === '!=' || text(at) === 'ne';
  if (bounds.includes(text(at))) isPlain = false;
  if (negated || text(at) === '==' || text(at) === 'eq' || bounds.includes(text(at))) at += 1;
  const lookup = text(at) === 'vmap' || text(at) === 'map' ? (text(at) as 'vmap' | 'map') : 'value';
  if (lookup !== 'value') at += 1;
  // Of these some are called as what rules do: `ct status dnat`.
  const isStatus = text(index) === 'ct' && text(index + 1) === 'status';
  const value = valueAt(words, at, isStatus);
  if (value === undefined) return { clauses: [{ kind: 'unknown', words: words.slice(index, at) }], end: at };
  const { elements, set, end } = value;
  const match = { kind: 'match', subjects, negated, isPlain, mask, lookup, elements, set } as const;
  return { clauses: [{ ...match, words: words.slice(index, end) }], end };
}

/** A value, several in braces, or a set's name; undefined: something else follows. */
function valueAt(words: readonly Word[], index: number, isStatus: boolean) {
  const text = (at: number): string => words[at]?.text ?? '';
  const first = text(index);
  if (first.startsWith('@')) return { elements: [], set: first.slice(1), end: index + 1 };
  if (first === '{') {
    const closing = closingOf(words, index);
    return { elements: elementsOf(words.slice(index + 1, closing)), set: undefined, end: closing + 1 };
  }
  const isDone = verdicts.includes(first) || (sending.includes(first) && !isStatus);
  if (first === '' || isDone) return undefined;
  let end = index + 1;
  while (['.', ',', '-'].includes(text(end)) && end + 1 < words.length) end += 2;
  return { elements: elementsOf(words.slice(index, end)), set: undefined, end };
}

/** `set` and what it sets, which may be looked up in a map. */
function settingAt(words: readonly Word[], index: number, subject: Subject): Reading {
  const text = (at: number): string => words[at]?.text ?? '';
  const { subjects, end: behind } = subjectsAt(words, index);
  const looked = text(behind) === 'map' ? comparisonAt(words, index) : undefined;
  let end = looked?.end ?? Math.max(behind, index + 1);
  const isComputed = subjects.length > 0 || operators.includes(text(end));
  while (operators.includes(text(end))) end += 2;
  const value = isComputed || text(index).startsWith('$') ? undefined : words[index];
  const all = words.slice(index, end);
  const done: Clause =
    subject.type === 'mark'
      ? { kind: 'mark', of: markOwner(subject), value, words: all }
      : { kind: 'change', words: all };
  return { clauses: [...(looked?.clauses ?? []), done], end };
}

/** `dnat to 10.0.0.1:80`, `dnat to tcp dport map { 80 : 10.0.0.1 }`, `dup to 10.0.0.1 device "eth0"`: all words to the rule's end. */
function sendClauses(words: readonly Word[], index: number): readonly Clause[] {
  const text = (at: number): string => words[at]?.text ?? '';
  const verb = text(index);
  const lookups: Clause[] = [];
  const to: Word[] = [];
  const maps: string[] = [];
  let device: Word | undefined;
  let at = index + 1;
  while (at < words.length) {
    // `dnat ip to`, `dnat ip addr . port to`, `fwd ip to` name a family.
    const isFamily = ['ip', 'ip6'].includes(text(at)) && ['to', 'addr', 'prefix'].includes(text(at + 1));
    const isLookup = !isFamily && selectorAt(words, at) !== undefined;
    if (isLookup) {
      const { clauses, end } = comparisonAt(words, at);
      const [found] = clauses;
      if (found?.kind === 'match') {
        lookups.push(found);
        for (const word of found.elements.flatMap(({ data }) => data)) to.push(word);
        if (found.set !== undefined) maps.push(found.set);
      }
      at = end;
    } else if (text(at) === 'device') {
      device = words[at + 1];
      at += 2;
    } else {
      const word = words[at];
      if (word !== undefined && !isFamily) to.push(word);
      at += 1;
    }
  }
  return [...lookups, { kind: 'send', verb, to, device, maps, words: words.slice(index) }];
}

/** The index of the brace that closes one; of nobody's, that behind the last word. */
function closingOf(words: readonly Word[], index: number): number {
  let depth = 0;
  for (let at = index; at < words.length; at += 1) {
    if (words[at]?.text === '{') depth += 1;
    else if (words[at]?.text === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return words.length;
}

/** How many words from here on neither ask nor do anything to a packet. */
function silentWords(words: readonly Word[], index: number): number {
  const [first, second, , fourth] = words.slice(index, index + 4).map(({ text }) => text);
  if (first === 'counter') return second === 'packets' && fourth === 'bytes' ? 5 : second === 'name' ? 3 : 1;
  if (first === 'comment') return 2;
  if (first !== 'log') return 0;
  let end = index + 1;
  while (logging.includes(words[end]?.text ?? '')) end += words[end]?.text === 'flags' ? 3 : 2;
  return end - index;
}
