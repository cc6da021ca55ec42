import { familyOfAddress } from '../model/addressRange.js';
import type { SiteProblem } from '../model/siteProblem.js';
import type { FileLine } from '../model/sourceFile.js';
import type { Block } from './blocks.js';
import { problemAt } from './readingOf.js';

/** An address of VRRP for which keepalived itself drops packets, and the line by which it does. */
export interface DroppedAddress {
  readonly address: string;
  readonly at: FileLine;
}

/** A network namespace that keepalived keeps its services in. */
export interface ServicesNamespace {
  readonly name: string;
  readonly at: FileLine;
}

/** What options of `global_defs` have to do with the answer that are not used; the others are about keepalived itself, its mails and its adverts. */
const leftOut: Readonly<Record<string, string>> = {
  lvs_timeouts:
    'how long IPVS keeps connections is not asked about; what it says here counts, in the place of fifteen minutes',
  lvs_sync_daemon: 'what another director learns of connections is not asked about',
  lvs_sync_daemon_interface: 'what another director learns of connections is not asked about',
  lvs_flush: 'the answer is about all services of the files, whatever keepalived takes away when it starts',
  lvs_flush_onstop: 'the answer is about services that are there, and these are gone when keepalived stops',
  lvs_flush_on_stop: 'the answer is about services that are there, and these are gone when keepalived stops',
};

/** What `global_defs` says, line by line, of what the answer does not use. */
export function globalProblems(blocks: readonly Block[]): readonly SiteProblem[] {
  return globalsOf(blocks).flatMap(({ words: [key = ''], at }) => {
    const why = leftOut[key];
    return why === undefined ? [] : [problemAt(at, `\`${at.text}\` is left out: ${why}`, 'left out')];
  });
}

/** The network namespace of the services; undefined: the one that keepalived is started in. */
export function servicesNamespace(blocks: readonly Block[]): ServicesNamespace | undefined {
  const lines = [...globalsOf(blocks), ...blocks];
  const said = ['net_namespace_ipvs', 'net_namespace'].flatMap((key) =>
    lines.filter(({ words }) => words[0] === key),
  );
  const [first] = said;
  return first === undefined ? undefined : { name: first.words[1] ?? '', at: first.at };
}

/**
 * The addresses of instances that do not accept packets for them (RFC 5798), which keepalived drops in a table of its own: `vrrp_strict` without
 * `accept`, or `no_accept`. Version 2, its default, does not know `accept` where it is strict; priority 255 always accepts.
 */
export function droppedAddresses(blocks: readonly Block[]): readonly DroppedAddress[] {
  const globals = globalsOf(blocks);
  const strict = switchedOn(globals, 'vrrp_strict');
  const version = globals.find(({ words }) => words[0] === 'vrrp_version')?.words[1];
  return blocks.flatMap(({ words: [kind], inner }): readonly DroppedAddress[] => {
    if (kind !== 'vrrp_instance') return [];
    const own = inner.find(({ words }) => words[0] === 'strict_mode');
    const strictly = own === undefined ? strict : switchedOn(inner, 'strict_mode');
    const said = inner.findLast(({ words: [key] }) => key === 'accept' || key === 'no_accept');
    const isOwner = inner.some(({ words: [key, value] }) => key === 'priority' && value === '255');
    const isThree = (inner.find(({ words: [key] }) => key === 'version')?.words[1] ?? version) === '3';
    const isAccepting = said?.words[0] === 'accept' && (strictly === undefined || isThree);
    const by = said?.words[0] === 'no_accept' ? said.at : isAccepting ? undefined : strictly;
    if (by === undefined || isOwner) return [];
    return addressesIn(inner).map((address) => ({ address, at: by }));
  });
}

/** Each line by which keepalived drops packets, with what it does. */
export function droppedProblems(dropped: readonly DroppedAddress[]): readonly SiteProblem[] {
  return [...new Set(dropped.map(({ at }) => at))].map((at) => {
    const addresses = dropped.filter((one) => one.at === at).map(({ address }) => address);
    return problemAt(
      at,
      `\`${at.text}\` is used: keepalived drops packets for ${addresses.join(', ')} in a table of its own; it would not without this line, or with \`accept\` in an instance of \`version 3\``,
      'noted',
    );
  });
}

/** The addresses that VRRP gives the director, of an instance's lines. */
export function addressesIn(inner: readonly Block[]): readonly string[] {
  return inner
    .filter(({ words }) => ['virtual_ipaddress', 'virtual_ipaddress_excluded'].includes(words[0] ?? ''))
    .flatMap(({ inner: lines }) => lines.map(({ words: [address = ''] }) => address.replace(/\/.*/, '')))
    .filter((address) => familyOfAddress(address) !== undefined);
}

function globalsOf(blocks: readonly Block[]): readonly Block[] {
  return blocks.filter(({ words }) => words[0] === 'global_defs').flatMap(({ inner }) => inner);
}

/** The line that switches something on; undefined: none does. */
function switchedOn(lines: readonly Block[], key: string): FileLine | undefined {
  const last = lines.findLast(({ words }) => words[0] === key);
  return last === undefined || /^(?:off|false|no)$/.test(last.words[1] ?? '') ? undefined : last.at;
}
