import { portRanges } from './ports.js';
import type { Asked, Condition, Ending, MarkSetting, Rule } from './rule.js';

interface ReadRules {
  readonly rules: readonly Rule[];
  readonly marks: readonly MarkSetting[];
}

/** A value of a match: one or several, or the elements of a verdict map with what becomes of their packets. */
interface Value {
  readonly items: readonly string[];
  readonly negated: boolean;
  /** `@name` */
  readonly set: string | undefined;
  readonly verdicts: readonly { readonly item: string; readonly verdict: readonly string[] }[] | undefined;
  /** How many words it took. */
  readonly length: number;
}

type Selector = (items: readonly string[]) => readonly Condition[];

const tcp: Condition = { kind: 'protocol', names: ['tcp'] };
const udp: Condition = { kind: 'protocol', names: ['udp'] };
const inInterface: Selector = (names) => [{ kind: 'interface', way: 'in', names }];
const outInterface: Selector = (names) => [{ kind: 'interface', way: 'out', names }];
const address =
  (side: 'source' | 'destination'): Selector =>
  (ranges) => [{ kind: 'address', side, ranges }];
const ports =
  (side: 'source' | 'destination', ...more: Condition[]): Selector =>
  (list) => [...more, { kind: 'ports', side, ranges: portRanges(list) }];
const protocol: Selector = (names) => [{ kind: 'protocol', names }];
const mark =
  (of: 'packet' | 'connection'): Selector =>
  ([text = '']) => [markCondition(of, text)];

/** Longest first, as `meta mark` is `mark`. */
const selectors: readonly (readonly [string, Selector])[] = [
  ['iifname', inInterface],
  ['iif', inInterface],
  ['oifname', outInterface],
  ['oif', outInterface],
  ['ip saddr', address('source')],
  ['ip6 saddr', address('source')],
  ['ip daddr', address('destination')],
  ['ip6 daddr', address('destination')],
  ['tcp dport', ports('destination', tcp)],
  ['tcp sport', ports('source', tcp)],
  ['udp dport', ports('destination', udp)],
  ['udp sport', ports('source', udp)],
  ['th dport', ports('destination')],
  ['th sport', ports('source')],
  ['l4proto', protocol],
  ['ip protocol', protocol],
  ['ip6 nexthdr', protocol],
  ['ct mark', mark('connection')],
  ['mark', mark('packet')],
  ['skuid', (names) => [{ kind: 'user', names }]],
];
const onlyProtocol: Readonly<Record<string, string>> = {
  icmp: 'icmp',
  icmpv6: 'icmpv6',
  tcp: 'tcp',
  udp: 'udp',
  sctp: 'sctp',
  esp: 'esp',
  ah: 'ah',
};

/** A statement of a chain as rules: one, or one for each element of a verdict map. `chainKey` gives the key of a chain that it may lead to. */
export function nftRules(
  words: readonly string[],
  line: number,
  chainKey: (name: string) => string,
): ReadRules {
  const asked: Asked[] = [];
  const marks: MarkSetting[] = [];
  const rules: Rule[] = [];
  let ending: Ending = { kind: 'nothing' };
  for (let index = 0; index < words.length;) {
    const rest = words.slice(index);
    const verdict = endingOf(rest, chainKey);
    if (verdict !== undefined) {
      ending = verdict;
      break;
    }
    const silent = silentWords(rest);
    if (silent > 0) {
      index += silent;
      continue;
    }
    // Whatever a lookup of a route asks for is no interface of the packet's.
    if (rest[0] === 'fib') {
      asked.push({ kind: 'other', negated: false });
      const next = rest.findIndex((_, at) => endingOf(rest.slice(at), chainKey) !== undefined);
      index += next < 0 ? rest.length : next;
      continue;
    }
    const setting = markSetting(rest);
    if (setting !== undefined) {
      marks.push(setting);
      ending = { kind: 'change' };
      break;
    }
    if (rest[0] === 'meta') {
      index += 1;
      continue;
    }
    const match = selectors.find(([name]) => rest.slice(0, name.split(' ').length).join(' ') === name);
    // Concatenations (`ip saddr . tcp dport`) and masks are beyond what is told here.
    const start = match === undefined ? 1 : match[0].split(' ').length;
    if (match === undefined || ['.', '&', 'and', 'or', '|'].includes(rest[start] ?? '')) {
      const only = onlyProtocol[rest[0] ?? ''];
      asked.push({
        ...(only === undefined ? { kind: 'other' } : { kind: 'protocol', names: [only] }),
        negated: false,
      });
      if (only !== undefined) asked.push({ kind: 'other', negated: false });
      index +=
        start +
        (match === undefined
          ? 0
          : rest.slice(start).findIndex((word) => word === '{' || word.startsWith('@')) + 1);
      continue;
    }
    const value = valueOf(rest.slice(start));
    index += start + value.length;
    if (value.verdicts !== undefined) {
      for (const { item, verdict: end } of value.verdicts) {
        const more = match[1]([item]).map((one) => ({ ...one, negated: false }));
        rules.push({
          line,
          asked: [...asked, ...more],
          ending: endingOf(end, chainKey) ?? { kind: 'nothing' },
        });
      }
    } else if (value.set !== undefined) {
      const side = match[0].endsWith('saddr')
        ? 'source'
        : match[0].endsWith('daddr')
          ? 'destination'
          : 'other';
      asked.push({ kind: 'set', name: value.set, side, negated: value.negated });
    } else
      asked.push(
        ...match[1](value.items).map((one) => ({
          ...one,
          negated: value.negated && one.kind !== 'protocol',
        })),
      );
  }
  return { rules: rules.length > 0 ? rules : [{ line, asked, ending }], marks };
}

function valueOf(words: readonly string[]): Value {
  const isNegated = words[0] === '!=';
  const signs = isNegated || words[0] === '==' ? 1 : 0;
  const isMap = words[signs] === 'vmap';
  const start = signs + (isMap ? 1 : 0);
  const first = words[start] ?? '';
  const common = { negated: isNegated, set: undefined, verdicts: undefined };
  if (first.startsWith('@')) {
    return {
      ...common,
      items: [],
      set: isMap ? undefined : first.slice(1),
      verdicts: isMap ? [] : undefined,
      length: start + 1,
    };
  }
  if (first !== '{') return { ...common, items: [first], length: start + 1 };
  const end = words.indexOf('}', start);
  const inside = words.slice(start + 1, end < 0 ? undefined : end);
  const elements = splitAt(inside, ',');
  const length = start + inside.length + 2;
  if (!isMap) return { ...common, items: elements.map((one) => one[0] ?? ''), length };
  const verdicts = elements.map((one) => {
    const colon = one.indexOf(':');
    return { item: one[0] ?? '', verdict: one.slice(colon + 1) };
  });
  return { ...common, items: [], verdicts, length };
}

function splitAt(words: readonly string[], separator: string): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  for (const word of words) {
    if (word === separator) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts.filter((part) => part.length > 0);
}

function endingOf(
  [first = '', second = '']: readonly string[],
  chainKey: (name: string) => string,
): Ending | undefined {
  switch (first) {
    case 'accept':
      return { kind: 'accept' };
    case 'drop':
    case 'reject':
      return { kind: 'refuse' };
    case 'return':
      return { kind: 'return' };
    case 'dnat':
    case 'snat':
    case 'redirect':
    case 'masquerade':
    case 'tproxy':
    case 'queue':
      return { kind: 'take' };
    case 'notrack':
      return { kind: 'change' };
    case 'jump':
    case 'goto':
      return { kind: first, chain: chainKey(second) };
    default:
      return undefined;
  }
}

/** How many words at the beginning neither ask nor do anything to a packet. */
function silentWords([first, second, , fourth]: readonly string[]): number {
  if (first === 'counter') return second === 'packets' && fourth === 'bytes' ? 5 : second === 'name' ? 3 : 1;
  if (first === 'comment') return 2;
  if (first !== 'log') return 0;
  return second === 'prefix' || second === 'level' || second === 'group' || second === 'flags' ? 3 : 1;
}

/** `meta mark set 1`, `ct mark set mark`. */
function markSetting(words: readonly string[]): MarkSetting | undefined {
  const rest = words[0] === 'meta' ? words.slice(1) : words;
  const of =
    rest[0] === 'mark' ? 'packet' : rest[0] === 'ct' && rest[1] === 'mark' ? 'connection' : undefined;
  const behind = rest.slice(of === 'connection' ? 2 : 1);
  if (of === undefined || behind[0] !== 'set') return undefined;
  const value = Number(behind[1]);
  return { of, value: behind.length === 2 && !Number.isNaN(value) ? value : undefined };
}

function markCondition(of: 'packet' | 'connection', text: string): Condition {
  const value = Number(text);
  return text === '' || Number.isNaN(value)
    ? { kind: 'other' }
    : { kind: 'mark', of, value, mask: 0xffff_ffff };
}
