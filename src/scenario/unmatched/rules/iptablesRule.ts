import { markSettings } from './iptablesMarks.js';
import { portRanges } from './ports.js';
import type { Asked, Condition, Ending, MarkSetting } from './rule.js';

interface ReadRule {
  readonly asked: readonly Asked[];
  readonly ending: Ending;
  readonly marks: readonly MarkSetting[];
}

/** Names of options, each with what it asks; `modules` are the matches loaded so far, for options that several have. */
const options: Readonly<Record<string, (value: string, modules: readonly string[]) => Condition>> = {
  '-i': (name) => ({ kind: 'interface', way: 'in', names: [wildcard(name)] }),
  '-o': (name) => ({ kind: 'interface', way: 'out', names: [wildcard(name)] }),
  '--physdev-in': (name) => ({ kind: 'interface', way: 'bridge', names: [wildcard(name)] }),
  '--physdev-out': (name) => ({ kind: 'interface', way: 'bridge', names: [wildcard(name)] }),
  '-s': (list) => ({ kind: 'address', side: 'source', ranges: list.split(',') }),
  '-d': (list) => ({ kind: 'address', side: 'destination', ranges: list.split(',') }),
  '--src-range': (range) => ({ kind: 'address', side: 'source', ranges: [range] }),
  '--dst-range': (range) => ({ kind: 'address', side: 'destination', ranges: [range] }),
  '-p': (name) => ({ kind: 'protocol', names: [name.toLowerCase()] }),
  '--dport': (list) => ({ kind: 'ports', side: 'destination', ranges: portRanges([list]) }),
  '--sport': (list) => ({ kind: 'ports', side: 'source', ranges: portRanges([list]) }),
  '--ports': (list) => ({ kind: 'ports', side: 'either', ranges: portRanges([list]) }),
  '--uid-owner': (name) => ({ kind: 'user', names: [name] }),
  '--mark': (text, modules) => markCondition(text, modules.includes('connmark') && !modules.includes('mark')),
};

const long: Readonly<Record<string, string>> = {
  '--in-interface': '-i',
  '--out-interface': '-o',
  '--source': '-s',
  '--src': '-s',
  '--destination': '-d',
  '--dst': '-d',
  '--protocol': '-p',
  '--proto': '-p',
  '--destination-port': '--dport',
  '--destination-ports': '--dport',
  '--dports': '--dport',
  '--source-port': '--sport',
  '--source-ports': '--sport',
  '--sports': '--sport',
  '--port': '--ports',
  '--match': '-m',
  '--jump': '-j',
  '--goto': '-g',
};

/** Options of matches that ask nothing. */
const silent: readonly string[] = ['--comment', '-c', '--set-counters'];

/** Reads a rule from the words behind its chain's name. `chainKey` gives the key of a chain that it may lead to. */
export function iptablesRule(words: readonly string[], chainKey: (name: string) => string): ReadRule {
  const asked: Asked[] = [];
  const modules: string[] = [];
  for (const { option, values, negated } of optionsOf(words)) {
    const [value = ''] = values;
    if (option === '-j' || option === '-g') {
      const marks = markSettings(value, words.slice(words.lastIndexOf(value) + 1));
      return { asked, ending: endingOf(value, option === '-g', chainKey), marks };
    }
    if (option === '-m') modules.push(value);
    else if (!asksNothing(option, value)) asked.push({ ...conditionOf(option, values, modules), negated });
  }
  return { asked, ending: { kind: 'nothing' }, marks: [] };
}

interface Option {
  readonly option: string;
  readonly values: readonly string[];
  readonly negated: boolean;
}

/** Options with the words behind them, up to the next. `!` stands before an option, or, as was right once, behind it. */
function optionsOf(words: readonly string[]): readonly Option[] {
  const found: { option: string; values: string[]; negated: boolean }[] = [];
  let negated = false;
  for (const [index, word] of words.entries()) {
    const last = found.at(-1);
    const isBehind = word === '!' && last?.values.length === 0 && !isOption(words[index + 1]);
    if (isBehind) last.negated = true;
    else if (word === '!') negated = true;
    else if (isOption(word)) {
      found.push({ option: long[word] ?? word, values: [], negated });
      negated = false;
    } else last?.values.push(word);
  }
  return found;
}

function isOption(word = '-'): boolean {
  return /^--?[a-z]/i.test(word);
}

function asksNothing(option: string, value: string): boolean {
  return silent.includes(option) || (option === '-p' && ['all', '0', 'ip'].includes(value));
}

function conditionOf(option: string, values: readonly string[], modules: readonly string[]): Condition {
  const [value = '', flags] = values;
  const isSet = option === '--match-set' || (option === '--set' && modules.includes('set'));
  if (isSet) return { kind: 'set', name: value, side: sideOf(flags?.split(',')[0]) };
  return options[option]?.(value, modules) ?? { kind: 'other' };
}

function sideOf(flag: string | undefined) {
  return flag === 'src' ? 'source' : flag === 'dst' ? 'destination' : 'other';
}

function markCondition(text: string, ofConnection: boolean): Condition {
  const [value = '', mask = '0xffffffff'] = text.split('/');
  const numbers = [Number(value), Number(mask)] as const;
  if (numbers.some(Number.isNaN)) return { kind: 'other' };
  return { kind: 'mark', of: ofConnection ? 'connection' : 'packet', value: numbers[0], mask: numbers[1] };
}

const refusing: readonly string[] = ['DROP', 'REJECT', 'TARPIT', 'DELUDE', 'CHAOS'];
const taking: readonly string[] = [
  'DNAT',
  'SNAT',
  'REDIRECT',
  'MASQUERADE',
  'NETMAP',
  'TPROXY',
  'QUEUE',
  'NFQUEUE',
];
const changing: readonly string[] = [
  'MARK',
  'CONNMARK',
  'CT',
  'NOTRACK',
  'TCPMSS',
  'TTL',
  'HL',
  'DSCP',
  'TOS',
  'SET',
  'CLASSIFY',
  'SYNPROXY',
  'CHECKSUM',
  'HMARK',
  'TCPOPTSTRIP',
  'TEE',
  'CONNSECMARK',
  'SECMARK',
  'ECN',
];
const noting: readonly string[] = ['LOG', 'NFLOG', 'ULOG', 'AUDIT', 'TRACE', 'RATEEST', 'IDLETIMER', 'LED'];

function endingOf(target: string, isGoto: boolean, chainKey: (name: string) => string): Ending {
  if (isGoto) return { kind: 'goto', chain: chainKey(target) };
  if (target === 'ACCEPT') return { kind: 'accept' };
  if (target === 'RETURN') return { kind: 'return' };
  if (refusing.includes(target)) return { kind: 'refuse' };
  if (taking.includes(target)) return { kind: 'take' };
  if (changing.includes(target)) return { kind: 'change' };
  return noting.includes(target) ? { kind: 'nothing' } : { kind: 'jump', chain: chainKey(target) };
}

/** `eth+` of iptables is `eth*` here, as nft writes it. */
function wildcard(name: string): string {
  return name.endsWith('+') ? `${name.slice(0, -1)}*` : name;
}
