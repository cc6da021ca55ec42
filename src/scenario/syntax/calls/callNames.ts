import { interfacesOfOptions } from '../iptables/iptablesMatches.js';
import { optionsOf } from '../iptables/iptablesOptions.js';
import { isAddress } from './callArguments.js';
import { type CallNames, programs } from './programs.js';
import { changingUser } from './changingUser.js';
import type { Call } from '../shellCalls.js';
import { sliceOf, type Word } from '../word.js';

/** What a call names. Rules in calls of iptables and nft are read elsewhere: of iptables only the interfaces are here, of nft nothing. */
export function namesOfCall({ program, words, files }: Call): CallNames {
  const isRules = /^ip6?tables(?:-nft|-legacy)?(?:-restore)?$/.test(program);
  const known = Object.hasOwn(programs, program) ? programs[program] : undefined;
  const found = isRules ? { interfaces: interfacesOfOptions(optionsOf(words)) } : (known?.(words) ?? {});
  const paths = [...words, ...files];
  const sysctls = [...(found.sysctls ?? []), ...paths.flatMap(sysctlOfPath)];
  const interfaces = [
    ...(found.interfaces ?? []),
    ...sysctls.flatMap(interfaceOfSysctl),
    ...paths.flatMap(interfaceOfPath),
  ];
  return {
    // Where programs take an address, or all interfaces, in place of one.
    interfaces: interfaces
      .map(withoutAlias)
      .filter((word) => !['', 'any'].includes(word.text) && !isAddress(word) && !isPlaceholder(word)),
    makes: found.makes ?? [],
    addresses: found.addresses ?? [],
    gives: found.gives ?? [],
    sets: found.sets ?? [],
    users: Object.hasOwn(changingUser, program) ? (changingUser[program]?.(words) ?? []) : [],
    marks: found.marks ?? [],
    sysctls,
    isKnown: isRules || known !== undefined,
  };
}

/** Placeholders are addresses. */
function isPlaceholder({ text }: Word): boolean {
  return /^\$\{\w+\}$/.test(text);
}

/** `lo` of `lo:0`, as an address beside the first was once called. */
function withoutAlias(word: Word): Word {
  const [alias] = /:\w*$/.exec(word.text) ?? [];
  return alias === undefined || isAddress(word) ? word : sliceOf(word, 0, word.text.length - alias.length);
}

/** The part of a sysctl's name that is an interface: `net.ipv4.conf.bond0.rp_filter`, and with slashes. */
function interfaceOfSysctl(key: Word): readonly Word[] {
  const [, before = '', name] = /^(net[./]ipv[46][./](?:conf|neigh)[./])(.+)[./][^./]+$/.exec(key.text) ?? [];
  if (name === undefined || ['all', 'default', '*'].includes(name)) return [];
  return [sliceOf(key, before.length, before.length + name.length)];
}

/** A sysctl as its file below /proc/sys, from `net` on. */
function sysctlOfPath(word: Word): readonly Word[] {
  const before = '/proc/sys/';
  return word.text.startsWith(`${before}net/`) ? [sliceOf(word, before.length)] : [];
}

/** The interface of a file below /sys. */
function interfaceOfPath(word: Word): readonly Word[] {
  const [, before = '', name] = /^(\/sys\/class\/net\/)([^/*]+)/.exec(word.text) ?? [];
  return name === undefined ? [] : [sliceOf(word, before.length, before.length + name.length)];
}
