import { isIP } from 'node:net';
import { interfacesOfOptions } from '../iptables/iptablesMatches.js';
import { optionsOf } from '../iptables/iptablesOptions.js';
import { addressOf, after, gluedTo, isAddress } from './callArguments.js';
import { namesOfIp } from './ipNames.js';
import type { ShellWord } from '../shellVariables.js';
import { sliceOf, type Word } from '../word.js';

/** What a call of a program names. */
export interface CallNames {
  /** Interfaces that are there before it, or that it makes. */
  readonly interfaces: readonly Word[];
  /** Of those the names that it makes. */
  readonly makes: readonly string[];
  /** Addresses that somebody has to have, if the call is to do anything. */
  readonly addresses: readonly Word[];
  /** Addresses that the call gives to a node. */
  readonly gives: readonly string[];
  /** Sets of ipset that it adds to, or looks into. */
  readonly sets: readonly Word[];
  /** Users as whom it runs something. */
  readonly users: readonly Word[];
  /** Marks that packets are to have, with their masks. */
  readonly marks: readonly Word[];
  /** Names of sysctls, with dots. */
  readonly sysctls: readonly Word[];
  /** Whether the program is one whose arguments are known here: of others any word may be anything. */
  readonly isKnown: boolean;
}

/** What the arguments of one program name. */
type Found = Partial<Omit<CallNames, 'isKnown' | 'users'>>;
type Reader = (args: readonly ShellWord[]) => Found;

const interfaceAfter =
  (...keys: string[]): Reader =>
  (args) => ({ interfaces: after(keys, args) });

/** The first argument that is no option. */
const firstIsInterface: Reader = (args) => ({
  interfaces: args.filter(({ text }) => !text.startsWith('-')).slice(0, 1),
});

const nothing: Reader = () => ({});

/** Programs that command lines call, each with a function that finds names among its arguments. What a shell runs is a call of its own. */
export const programs: Readonly<Record<string, Reader>> = {
  ip: namesOfIp,
  tc: (args) => ({
    interfaces: after(['dev'], args),
    addresses: after(['dst', 'src', 'dst_ip', 'src_ip'], args).filter(isAddress),
  }),
  bridge: interfaceAfter('dev', 'master'),
  ipvsadm: ofIpvsadm,
  ipset: (args) => ({ sets: setsOf(args) }),
  sysctl: (args) => ({ sysctls: args.filter(({ text }) => /^net[./]/.test(text)).map(keyOf) }),
  conntrack: (args) => ({
    addresses: after(
      ['-s', '--src', '--orig-src', '-d', '--dst', '--orig-dst', '-r', '--reply-src', '-q', '--reply-dst'],
      args,
    ).filter(isAddress),
  }),
  arptables: ofLinkLayer,
  ebtables: ofLinkLayer,
  ethtool: firstIsInterface,
  ifconfig: (args) => ({
    ...firstIsInterface(args),
    gives: args.slice(1, 2).filter(isAddress).map(addressOf),
  }),
  ifup: firstIsInterface,
  ifdown: firstIsInterface,
  dhclient: firstIsInterface,
  brctl: (args) => ({
    interfaces: args.slice(1, /^(?:add|del)if$/.test(args[0]?.text ?? '') ? undefined : 2),
    makes: args[0]?.text === 'addbr' ? args.slice(1, 2).map(({ text }) => text) : [],
  }),
  vconfig: (args) => ({
    interfaces: args.slice(1, 2),
    makes: args[0]?.text === 'add' ? [`${args[1]?.text ?? ''}.${args[2]?.text ?? ''}`] : [],
  }),
  modprobe: (args) => ({ makes: args.map(({ text }) => `${text}0`) }),
  route: interfaceAfter('dev'),
  arp: interfaceAfter('-i'),
  arping: interfaceAfter('-I'),
  ping: interfaceAfter('-I'),
  ping6: interfaceAfter('-I'),
  tcpdump: interfaceAfter('-i', '--interface'),
  curl: interfaceAfter('--interface'),
  ...Object.fromEntries(
    [
      'nft',
      'sh',
      'bash',
      'dash',
      'eval',
      'sleep',
      'ulimit',
      'sed',
      'rm',
      'kill',
      'cat',
      'cd',
      'set',
      'wait',
    ].map((name) => [name, nothing]),
  ),
};

const usingSet: readonly string[] = [
  'add',
  'del',
  'test',
  'flush',
  'list',
  'save',
  '-A',
  '-D',
  '-T',
  '-F',
  '-L',
  '-S',
];

/** The set that `ipset [OPTIONS] add NAME ENTRY` and the like need. */
function setsOf(args: readonly ShellWord[]): readonly Word[] {
  const [verb, name] = args.filter(({ text }) => !/^-(?:exist|!|quiet|q|name|sorted)$/.test(text));
  return name !== undefined && usingSet.includes(verb?.text ?? '') && /^\w/.test(name.text) ? [name] : [];
}

/** The key of `key=value`. */
function keyOf(word: Word): Word {
  const equals = word.text.indexOf('=');
  return equals < 0 ? word : sliceOf(word, 0, equals);
}

/** `ipvsadm -A -t 10.0.0.1:80`, `-a -t ... -r 10.0.0.2:80`, `--start-daemon master --mcast-interface eth0`. */
function ofIpvsadm(args: readonly ShellWord[]): Found {
  const keys = ['-t', '--tcp-service', '-u', '--udp-service', '--sctp-service', '-r', '--real-server'];
  return {
    marks: after(['-f', '--fwmark-service'], args),
    interfaces: [
      ...after(['--mcast-interface'], args),
      ...args.flatMap((word) => gluedTo(word, '--mcast-interface')),
    ],
    addresses: [
      ...after(keys, args),
      ...args.flatMap((word) => keys.flatMap((key) => gluedTo(word, key))),
    ].flatMap(withoutPort),
  };
}

/** arptables' and ebtables' rules: who has the addresses counts as with others. */
function ofLinkLayer(args: readonly ShellWord[]): Found {
  const options = optionsOf(args);
  const keys = [
    '-s',
    '-d',
    '--source-ip',
    '--src-ip',
    '--destination-ip',
    '--dst-ip',
    '--ip-source',
    '--ip-destination',
    '--arp-ip-src',
    '--arp-ip-dst',
  ];
  return {
    interfaces: interfacesOfOptions(options),
    addresses: options.flatMap(({ option, values }) =>
      keys.includes(option) ? values.slice(0, 1).filter(isAddress) : [],
    ),
  };
}

/** `10.0.0.1:80`, `[2001:db8::1]:80`; a service's name or a mark is no address. */
function withoutPort(word: Word): readonly Word[] {
  const [, bracket = '', address = ''] = /^(\[?)([\d.]+|[\da-f:.]+(?=\])|[\da-f:]+)/i.exec(word.text) ?? [];
  if (isIP(address) === 0) return [];
  return [sliceOf(word, bracket.length, bracket.length + address.length)];
}
