import { type Side, subject, type Subject } from '../subject.js';
import type { Word } from '../word.js';
import { type Option, silentOptions } from './iptablesOptions.js';

/** One thing that a rule asks of packets. */
export interface Question {
  /** As it is written, negated or not. */
  readonly option: Option;
  readonly asked:
    /** Something of a packet is one of these values; `mask` is what it is masked with first. TCP's flags are two values: which are looked at, and which of them are set. */
    | {
        readonly kind: 'value';
        readonly subject: Subject;
        readonly values: readonly string[];
        readonly mask?: string;
      }
    /** A named set has it; the sides are those of the parts of its elements. */
    | { readonly kind: 'set'; readonly name: string; readonly sides: readonly Side[] }
    /** What only the match itself understands. */
    | { readonly kind: 'other' };
}

/** A match that a rule loads, with what the options behind it ask. */
export interface LoadedMatch {
  /** `state` of `-m state`; empty: what is asked before the first of them. */
  readonly module: string;
  /** Whether it asks something by being loaded, whatever its options are. */
  readonly asksItself: boolean;
  readonly questions: readonly Question[];
}

/** What options are about, by their names. */
const subjects: Readonly<Record<string, Subject>> = {
  '-i': subject('interface', 'source'),
  '-o': subject('interface', 'destination'),
  '--physdev-in': subject('interface'),
  '--physdev-out': subject('interface'),
  '--logical-in': subject('interface'),
  '--logical-out': subject('interface'),
  '--src-group': subject('devgroup', 'source'),
  '--dst-group': subject('devgroup', 'destination'),
  '-s': subject('address', 'source'),
  '-d': subject('address', 'destination'),
  '--src-range': subject('address', 'source'),
  '--dst-range': subject('address', 'destination'),
  '--ctorigsrc': subject('address', 'source', 'connection'),
  '--ctorigdst': subject('address', 'destination', 'connection'),
  // What comes back goes to where the first packet came from.
  '--ctreplsrc': subject('address', 'destination', 'connection'),
  '--ctrepldst': subject('address', 'source', 'connection'),
  '--vaddr': subject('address', 'destination', 'connection'),
  '--tunnel-src': subject('address', 'source', 'elsewhere'),
  '--tunnel-dst': subject('address', 'destination', 'elsewhere'),
  '--src-type': subject('addressType', 'source'),
  '--dst-type': subject('addressType', 'destination'),
  '--mac-source': subject('mac', 'source'),
  '--pkt-type': subject('packetType'),
  '--realm': subject('realm'),
  '-p': subject('protocol'),
  '--sport': subject('port', 'source'),
  '--dport': subject('port', 'destination'),
  '--ports': subject('port'),
  '--tcp-flags': subject('flags'),
  '--icmp-type': { ...subject('icmpType'), protocol: 'icmp' },
  '--icmpv6-type': { ...subject('icmpType'), protocol: 'icmpv6' },
  '-f': subject('fragment'),
  '--fragment': subject('fragment'),
  '--state': subject('state'),
  '--ctstate': subject('state'),
  '--uid-owner': subject('user'),
  '--gid-owner': subject('group'),
  '--path': subject('cgroup'),
};

/** Options without a value, and the subject and values that each stands for. */
const short: Readonly<Record<string, { readonly subject: Subject; readonly values: readonly string[] }>> = {
  '-4': { subject: subject('family'), values: ['ipv4'] },
  '-6': { subject: subject('family'), values: ['ipv6'] },
  '--syn': { subject: subject('flags'), values: ['FIN,SYN,RST,ACK', 'SYN'] },
};

/** Values that every packet has, by the options that take them. */
const everything: Readonly<Record<string, readonly string[]>> = {
  '-p': ['all', 'ip', '0', 'any'],
  '--icmp-type': ['any', '255'],
  '--icmpv6-type': ['any', '255'],
};

/** What `-m recent` is told of its list, and that it writes the sender down, which takes every packet. */
const ofRecent: readonly string[] = ['--set', '--name', '--rsource', '--rdest', '--mask'];

/** Modules that ask nothing of a packet by being loaded. */
const silentModules: readonly string[] = [
  ...['tcp', 'udp', 'sctp', 'icmp', 'icmp6', 'icmpv6', 'state', 'conntrack', 'multiport', 'iprange'],
  ...['comment', 'mark', 'connmark', 'addrtype', 'pkttype', 'set', 'recent', 'standard'],
];

/** Options behind `-j` and `-g` that name an interface. */
const ofTargets: readonly string[] = ['--oif'];

/** What the options of a rule ask, by the matches that are loaded for them; those of its target left out. */
export function matchesOf(options: readonly Option[]): readonly LoadedMatch[] {
  const modules: string[] = [];
  let questions: Question[] = [];
  const matches: LoadedMatch[] = [{ module: '', asksItself: false, questions }];
  for (const option of options) {
    if (option.option === '-m') {
      const module = option.values[0]?.text ?? '';
      modules.push(module);
      questions = [];
      matches.push({ module, asksItself: !silentModules.includes(module), questions });
    } else if (!asksNothing(option, modules)) questions.push({ option, asked: askedBy(option, modules) });
  }
  return matches;
}

/** The interfaces that a rule or a command names. */
export function interfacesOfOptions(options: readonly Option[]): readonly Word[] {
  return options.flatMap(({ option, values: [value] }) => {
    const isInterface = subjectOf(option)?.type === 'interface' || ofTargets.includes(option);
    return isInterface && value !== undefined ? [value] : [];
  });
}

function asksNothing({ option, values, negated }: Option, modules: readonly string[]): boolean {
  if (silentOptions.includes(option)) return true;
  if (negated) return false;
  if (modules.at(-1) === 'recent' && ofRecent.includes(option)) return true;
  const all = Object.hasOwn(everything, option) ? everything[option] : undefined;
  return all?.includes(values[0]?.text.toLowerCase() ?? '') === true;
}

function askedBy({ option, values }: Option, modules: readonly string[]): Question['asked'] {
  const texts = values.map(({ text }) => text);
  const [value = '', more = ''] = texts;
  if (option === '--match-set' || (option === '--set' && modules.at(-1) === 'set'))
    return { kind: 'set', name: value, sides: more.split(',').map(sideOf) };
  if (option === '--mark') {
    const [number = '', mask] = value.split('/');
    // Where both are loaded, the last is meant.
    const isOfConnection = modules.lastIndexOf('connmark') > modules.lastIndexOf('mark');
    return {
      kind: 'value',
      subject: subject('mark', 'other', isOfConnection ? 'connection' : undefined),
      values: [number],
      ...(mask !== undefined && { mask }),
    };
  }
  if (Object.hasOwn(short, option) && short[option] !== undefined) return { kind: 'value', ...short[option] };
  const about = subjectOf(option);
  return about === undefined
    ? { kind: 'other' }
    : { kind: 'value', subject: about, values: valuesOf(about, texts) };
}

function subjectOf(option: string): Subject | undefined {
  return Object.hasOwn(subjects, option) ? subjects[option] : undefined;
}

function valuesOf({ type }: Subject, texts: readonly string[]): readonly string[] {
  const [value = ''] = texts;
  // `eth+` of iptables is `eth*` here, as nft writes it.
  if (type === 'interface') return [value.endsWith('+') ? `${value.slice(0, -1)}*` : value];
  if (type === 'address' || type === 'addressType' || type === 'state') return value.split(',');
  return type === 'flags' ? texts : [value];
}

function sideOf(flag: string): Side {
  return flag === 'src' ? 'source' : flag === 'dst' ? 'destination' : 'other';
}
