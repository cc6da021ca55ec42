import { divertingTargets, refusingTargets } from '../../../contracts/words/rules.js';
import { type Option, optionsOf } from '../../syntax/iptables/iptablesOptions.js';
import type { Side } from '../../syntax/subject.js';
import type { Word } from '../../syntax/word.js';
import { markCondition } from './conditions.js';
import { markSettings } from './iptablesMarks.js';
import { portRanges } from '../../syntax/ports.js';
import { usesOf } from './targets.js';
import type { MatchTerm, Condition, Ending, MarkSetting } from './rule.js';

interface ReadRule {
  readonly asked: readonly MatchTerm[];
  readonly ending: Ending;
  readonly marks: readonly MarkSetting[];
  readonly uses: readonly Condition[];
}

const address =
  (side: Side) =>
  (list: string): Condition => ({ kind: 'address', side, ranges: list.split(',') });

/** Names of options, each with what it asks; `modules` are the matches loaded so far, for options that several have. */
const options: Readonly<Record<string, (value: string, modules: readonly string[]) => Condition>> = {
  '-i': (name) => ({ kind: 'interface', way: 'in', names: [wildcard(name)] }),
  '-o': (name) => ({ kind: 'interface', way: 'out', names: [wildcard(name)] }),
  '--physdev-in': (name) => ({ kind: 'interface', way: 'bridge', names: [wildcard(name)] }),
  '--physdev-out': (name) => ({ kind: 'interface', way: 'bridge', names: [wildcard(name)] }),
  '-s': address('source'),
  '-d': address('destination'),
  '--src-range': address('source'),
  '--dst-range': address('destination'),
  '--ctorigsrc': address('source'),
  '--ctorigdst': address('destination'),
  // What comes back goes to where the first packet came from.
  '--ctreplsrc': address('destination'),
  '--ctrepldst': address('source'),
  '--vaddr': address('destination'),
  '--tunnel-src': address('source'),
  '--tunnel-dst': address('destination'),
  '-p': (name) => ({ kind: 'protocol', names: [name.toLowerCase()] }),
  '--dport': (list) => ({ kind: 'ports', side: 'destination', ranges: portRanges([list]) }),
  '--sport': (list) => ({ kind: 'ports', side: 'source', ranges: portRanges([list]) }),
  '--ports': (list) => ({ kind: 'ports', side: 'either', ranges: portRanges([list]) }),
  '--uid-owner': (name) => ({ kind: 'user', names: [name] }),
  '--gid-owner': (name) => ({ kind: 'group', names: [name] }),
  '--mac-source': (name) => ({ kind: 'mac', side: 'source', names: [name] }),
  '--src-group': (name) => ({ kind: 'devgroup', names: [name] }),
  '--dst-group': (name) => ({ kind: 'devgroup', names: [name] }),
  '--state': () => ({ kind: 'state' }),
  '--ctstate': () => ({ kind: 'state' }),
  '--realm': (name) => ({ kind: 'realm', names: [name] }),
  '--path': (name) => ({ kind: 'cgroup', names: [name] }),
  '--mark': (text, modules) => {
    const [value = '', mask] = text.split('/');
    // Where both are loaded, the last is meant.
    return markCondition(
      modules.lastIndexOf('connmark') > modules.lastIndexOf('mark') ? 'connection' : 'packet',
      [value],
      mask,
    );
  },
};

/** Options of every rule, wherever they stand. */
const everywhere: readonly string[] = ['-i', '-o', '-s', '-d', '-p', '-c', '--set-counters'];

/** Options of matches that ask nothing. */
const silent: readonly string[] = ['--comment', '-c', '--set-counters'];

/** Reads a rule from the words behind its chain's name. `chainKey` gives the key of a chain that it may lead to. */
export function iptablesRule(words: readonly Word[], chainKey: (name: string) => string): ReadRule {
  const asked: MatchTerm[] = [];
  const modules: string[] = [];
  /** Options of the target, up to the next match; those that every rule may have are none of them. */
  const ofTarget: Option[] = [];
  let target: { readonly name: string; readonly isGoto: boolean } | undefined;
  let isInTarget = false;
  for (const one of optionsOf(words)) {
    const { option, negated } = one;
    const values = one.values.map(({ text }) => text);
    const [value = ''] = values;
    if (option === '-j' || option === '-g') {
      target = { name: value, isGoto: option === '-g' };
      isInTarget = true;
    } else if (option === '-m') {
      modules.push(value);
      isInTarget = false;
    } else if (isInTarget && !everywhere.includes(option)) ofTarget.push(one);
    else if (!asksNothing(option, value)) asked.push({ ...conditionOf(option, values, modules), negated });
  }
  if (target === undefined) return { asked, ending: { kind: 'nothing' }, marks: [], uses: [] };
  const texts = ofTarget.flatMap(({ option, values }) => [option, ...values.map(({ text }) => text)]);
  return {
    asked,
    ending: endingOf(target.name, target.isGoto, chainKey),
    marks: markSettings(target.name, texts),
    uses: usesOf(target.name, ofTarget),
  };
}

function asksNothing(option: string, value: string): boolean {
  return silent.includes(option) || (option === '-p' && ['all', '0', 'ip'].includes(value));
}

function conditionOf(option: string, values: readonly string[], modules: readonly string[]): Condition {
  const [value = '', flags = ''] = values;
  const isSet = option === '--match-set' || (option === '--set' && modules.includes('set'));
  if (isSet) return { kind: 'set', name: value, sides: flags.split(',').map(sideOf) };
  return Object.hasOwn(options, option)
    ? (options[option]?.(value, modules) ?? { kind: 'other' })
    : { kind: 'other' };
}

function sideOf(flag: string): Side {
  return flag === 'src' ? 'source' : flag === 'dst' ? 'destination' : 'other';
}

const refusing: readonly string[] = refusingTargets;
const taking: readonly string[] = [...divertingTargets, 'SNAT', 'MASQUERADE', 'NETMAP'];
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
