import type { Family } from '../../contracts/words/network.js';
import { type Option, silentOptions } from '../../scenario/syntax/iptables/iptablesOptions.js';
import { knownPorts, type PortSide } from '../../scenario/syntax/ports.js';
import { parseRange } from '../../site/model/addressRange.js';
import { conntrackStates, type Term } from '../model/filter.js';
import { icmpTypes } from './icmpTypes.js';
import { reasonOf } from './opaqueReasons.js';
import { flagBits, never, opaqueTerm, protocolTerm } from './terms.js';

/** What sets of ipset stand for: the terms of a `-m set` match; undefined: the set is not in any file. */
export type SetTerms = (name: string, sides: readonly string[], negated: boolean) => readonly Term[];

/** What the options of a rule's matches mean. */
interface Reading {
  readonly family: Family;
  readonly sets: SetTerms;
}

/** Options that belong to every rule, or to the protocol, wherever they stand. */
const everywhere: Readonly<Record<string, (option: Option, reading: Reading) => Term>> = {
  '-p': ({ values, negated }) => protocolTerm(values[0]?.text ?? '', negated),
  '-s': (option, reading) => addressTerm('source', option, reading),
  '-d': (option, reading) => addressTerm('destination', option, reading),
  '--src-range': (option, reading) => addressTerm('source', option, reading),
  '--dst-range': (option, reading) => addressTerm('destination', option, reading),
  '-i': (option) => interfaceTerm('in', option),
  '-o': (option) => interfaceTerm('out', option),
  '-f': ({ negated }) => (negated ? { kind: 'always', negated: false } : never),
  '--fragment': ({ negated }) => (negated ? { kind: 'always', negated: false } : never),
  '-4': (_, { family }) => ({ kind: 'always', negated: family !== 'ipv4' }),
  '--ipv4': (_, { family }) => ({ kind: 'always', negated: family !== 'ipv4' }),
  '-6': (_, { family }) => ({ kind: 'always', negated: family !== 'ipv6' }),
  '--ipv6': (_, { family }) => ({ kind: 'always', negated: family !== 'ipv6' }),
  '--dport': (option) => portTerm('destination', option),
  '--sport': (option) => portTerm('source', option),
  '--ports': (option) => portTerm('either', option),
  '--state': stateTerm,
  '--ctstate': stateTerm,
  '--syn': ({ negated }) => ({ kind: 'flags', mask: 23, values: [2], negated }),
  '--tcp-flags': flagsTerm,
  '--icmp-type': icmpTerm,
  '--icmpv6-type': icmpTerm,
  '--pkt-type': ({ values, negated }) => ({
    kind: 'always',
    negated: (values[0]?.text === 'unicast') === negated,
  }),
};

/** Modules that ask nothing of a packet by being loaded. */
const silentModules: readonly string[] = [
  ...['tcp', 'udp', 'sctp', 'icmp', 'icmp6', 'icmpv6', 'state', 'conntrack', 'multiport', 'iprange'],
  ...['comment', 'mark', 'connmark', 'addrtype', 'pkttype', 'set', 'recent', 'standard'],
];

/** The terms of a rule from the options of its matches; `-m` stands among them. */
export function iptablesTerms(options: readonly Option[], reading: Reading): readonly Term[] {
  const terms: Term[] = [];
  /** Options that only their module understands, one text a module. */
  const opaque: { readonly module: string; readonly texts: string[] }[] = [];
  const modules: string[] = [];
  for (const one of options) {
    const { option, values } = one;
    if (silentOptions.includes(option)) continue;
    const [value = ''] = values.map(({ text }) => text);
    if (option === '-m') {
      modules.push(value);
      opaque.push({ module: value, texts: [] });
      continue;
    }
    const known = Object.hasOwn(everywhere, option) ? everywhere[option]?.(one, reading) : undefined;
    if (known !== undefined) terms.push(known);
    else {
      const special = specialTerms(one, modules, reading);
      if (special !== undefined) terms.push(...special);
      else if (opaque.length === 0) opaque.push({ module: '', texts: [optionText(one)] });
      else opaque.at(-1)?.texts.push(optionText(one));
    }
  }
  for (const { module, texts } of opaque) {
    if (texts.length === 0 && silentModules.includes(module)) continue;
    terms.push(opaqueModule(module, texts));
  }
  return terms;
}

function opaqueModule(module: string, texts: readonly string[]): Term {
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

/** Options that mean something only beside a module; undefined: it cannot be known here what they ask. */
function specialTerms(
  { option, values, negated }: Option,
  modules: readonly string[],
  { sets }: Reading,
): readonly Term[] | undefined {
  const texts = values.map(({ text }) => text);
  const [value = ''] = texts;
  if (option === '--match-set' || (option === '--set' && modules.at(-1) === 'set'))
    return sets(value, (texts[1] ?? '').split(','), negated);
  // It writes down the sender, and takes every packet.
  if (option === '--set' && modules.at(-1) === 'recent' && !negated) return [];
  if (['--name', '--rsource', '--rdest', '--mask'].includes(option) && modules.at(-1) === 'recent') return [];
  if (option === '--mark' && modules.lastIndexOf('mark') > modules.lastIndexOf('connmark'))
    return [markTerm(value, negated)];
  if (option === '--dst-type' || option === '--src-type')
    return [
      {
        kind: 'addressType',
        side: option === '--dst-type' ? 'destination' : 'source',
        types: value.split(','),
        negated,
      },
    ];
  return undefined;
}

function addressTerm(side: 'source' | 'destination', { values, negated }: Option, { family }: Reading): Term {
  const [text = ''] = values.map((value) => value.text);
  const ranges = text.split(',').map(parseRange);
  const known = ranges.filter((range) => range !== undefined);
  if (known.length < ranges.length)
    return opaqueTerm(text, 'which addresses it stands for is not in any file');
  return { kind: 'address', side, ranges: known.filter((range) => range.family === family), negated };
}

function interfaceTerm(way: 'in' | 'out', { values, negated }: Option): Term {
  const name = values[0]?.text ?? '';
  return {
    kind: 'interface',
    way,
    names: [name.endsWith('+') ? `${name.slice(0, -1)}*` : name],
    negated,
  };
}

function portTerm(side: PortSide, { values, negated }: Option): Term {
  const texts = values.map(({ text }) => text);
  const ranges = knownPorts(texts);
  return ranges === undefined
    ? opaqueTerm(`port ${texts.join(',')}`, 'the port is not known here by this name')
    : { kind: 'port', side, ranges, negated };
}

function stateTerm({ values, negated }: Option): Term {
  const names = values.flatMap(({ text }) => text.toUpperCase().split(','));
  const states = conntrackStates.filter((state) => names.includes(state));
  // A packet that no rule of nat has changed has none of these two.
  const known = names.filter((name) => !['DNAT', 'SNAT'].includes(name));
  return states.length === known.length
    ? { kind: 'state', states, negated }
    : opaqueTerm(`state ${names.join(',')}`, 'one of the states is not known here');
}

function flagsTerm({ values, negated }: Option): Term {
  const [mask, set] = values.map(({ text }) => flagBits(text.split(',')));
  return mask === undefined || set === undefined
    ? opaqueTerm(`--tcp-flags ${values.map(({ text }) => text).join(' ')}`, 'a flag is not known here')
    : { kind: 'flags', mask, values: [set], negated };
}

function icmpTerm({ option, values, negated }: Option): Term {
  const texts = values.map(({ text }) => text);
  const types = icmpTypes(texts, option === '--icmp-type' ? 'ipv4' : 'ipv6');
  if (types === 'any') return { kind: 'always', negated };
  return types === undefined
    ? opaqueTerm(`${option} ${texts.join(' ')}`, 'the type is not known here by this name')
    : { kind: 'icmp', types, negated };
}

function markTerm(text: string, negated: boolean): Term {
  const [value, mask = 0xffff_ffff] = text.split('/').map(Number);
  return value === undefined || Number.isNaN(value) || Number.isNaN(mask)
    ? opaqueTerm(`--mark ${text}`, 'the mark is no number')
    : { kind: 'mark', ranges: [[value, value]], mask, negated };
}

function optionText({ option, values, negated }: Option): string {
  return [...(negated ? ['!'] : []), option, ...values.map(({ text }) => text)].join(' ');
}
