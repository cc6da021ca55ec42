import { type Forwarding, ipvsProtocols } from '../../contracts/words/network.js';
import { familyOfAddress } from '../model/addressRange.js';
import type { SiteServer, SiteService } from '../model/site.js';
import type { SiteProblem } from '../model/siteProblem.js';
import type { FileLine, PlacedFile } from '../model/sourceFile.js';
import { type Block, readBlocks } from './blocks.js';
import { readPort } from './addressPort.js';
import {
  addressesIn,
  type DroppedAddress,
  droppedAddresses,
  droppedProblems,
  globalProblems,
  servicesNamespace,
} from './keepalivedGlobals.js';
import { aboutKey } from './keepalivedKeys.js';
import { problemAt, type Reading } from './readingOf.js';
import { fullRealserver, sorryServer } from './unasked.js';

const methods: Readonly<Record<string, Forwarding>> = { DR: 'dr', NAT: 'nat', TUN: 'tun' };

/** What keepalived.conf says: services, and addresses that VRRP gives the director. */
export interface Keepalived extends Reading<SiteService> {
  readonly addresses: readonly string[];
  /** Those for which it drops packets itself. */
  readonly dropped: readonly DroppedAddress[];
}

/** Reads keepalived.conf: `virtual_server` by address, by mark and by group, and the addresses of `vrrp_instance`. */
export function readKeepalived(file: PlacedFile): Keepalived {
  const { found: blocks, problems } = readBlocks(file);
  const groups = new Map(
    blocks.flatMap((block) =>
      block.words[0] === 'virtual_server_group' ? [[block.words[1] ?? '', block.inner] as const] : [],
    ),
  );
  const read = blocks
    .filter(({ words }) => words[0] === 'virtual_server')
    .map((block) => servicesOf(block, groups));
  const namespace = servicesNamespace(blocks);
  const dropped = droppedAddresses(blocks);
  return {
    found: read.flatMap(({ found }) =>
      found.map((service) => (namespace === undefined ? service : { ...service, namespace })),
    ),
    problems: [
      ...problems,
      ...read.flatMap((one) => one.problems),
      ...conditionsIn(blocks),
      ...globalProblems(blocks),
      ...droppedProblems(dropped),
    ],
    addresses: blocks
      .filter(({ words }) => words[0] === 'vrrp_instance')
      .flatMap(({ inner }) => addressesIn(inner)),
    dropped,
  };
}

function servicesOf(block: Block, groups: ReadonlyMap<string, readonly Block[]>): Reading<SiteService> {
  const problems: SiteProblem[] = [];
  const say = (at: FileLine, message: string) => void problems.push(problemAt(at, message));
  const called = (valueOf(block, 'protocol') ?? 'TCP').toLowerCase();
  const protocol = ipvsProtocols.find((name) => name === called);
  if (protocol === undefined) {
    say(block.at, 'expected protocol TCP, UDP or SCTP');
    return { found: [], problems };
  }
  problems.push(...notesOf(block, 'virtual_server'));
  const servers = serversOf(block, methodOf(block, say) ?? 'nat', say);
  const [, kind = '', group = ''] = block.words;
  const ends = kind === 'group' ? groups.get(group) : [{ words: block.words.slice(1), at: block.at }];
  if (ends === undefined) say(block.at, `no virtual_server_group is called \`${group}\` in this file`);
  const found: SiteService[] = [];
  for (const { words, at } of ends ?? []) {
    const [first = '', second = '0'] = words;
    const onePacket = keysOf(block, 'scheduling').some(({ words: [key] }) => key === 'ops');
    const shared = { protocol, onePacket, choosing: choosingOf(block), servers, at: block.at } as const;
    if (first === 'fwmark') {
      const fwmark = wholeOf(second);
      if (fwmark === undefined) say(at, `expected a number as the mark, found \`${second}\``);
      const family = familyOfAddress(servers[0]?.address ?? '') ?? 'ipv4';
      found.push({ ...shared, family, address: undefined, fwmark });
      continue;
    }
    const vips = addressesOfRange(first);
    const family = addressFamily(vips[0] ?? first, at, say);
    const port = portOf(second, at, say);
    if (family === undefined || port === undefined) continue;
    for (const vip of vips) found.push({ ...shared, family, address: { vip, port }, fwmark: undefined });
  }
  return { found, problems };
}

type Say = (at: FileLine, message: string) => void;

/** The lines of a block of a service whose keys are about something. */
function keysOf({ inner }: Block, about: ReturnType<typeof aboutKey>): readonly Block[] {
  return inner.filter(({ words: [key = ''] }) => aboutKey('virtual_server', key) === about);
}

function choosingOf(block: Block): readonly string[] {
  const said = keysOf(block, 'choosing').map(({ words }) => words.join(' '));
  return said.filter((text) => !/^(?:lb_algo|lvs_sched) rr$/.test(text));
}

/** What a block says that is not asked about, or that keepalived would not know. */
function notesOf({ inner }: Block, name: 'virtual_server' | 'real_server'): readonly SiteProblem[] {
  return inner.flatMap((line): readonly SiteProblem[] => {
    const [key = ''] = line.words;
    switch (aboutKey(name, key)) {
      case undefined:
        return [
          problemAt(
            line.at,
            `\`${key}\` is no key of ${name} that is known here, and is passed over`,
            'noted',
          ),
        ];
      case 'spare':
        return [problemAt(line.at, sorryServer, 'noted')];
      case 'limits':
        return [problemAt(line.at, fullRealserver, 'noted')];
      case 'method':
      case 'choosing':
      case 'scheduling':
      case 'checking':
        return key === 'real_server' ? notesOf(line, 'real_server') : [];
    }
  });
}

/** Lines of services that not every director reads that has the file; which they are, its command line says. */
function conditionsIn(blocks: readonly Block[]): readonly SiteProblem[] {
  return blocks
    .filter(({ words: [name = ''] }) => name.startsWith('virtual_server'))
    .flatMap(function conditions({ at, inner, onlyIn }): readonly SiteProblem[] {
      const own =
        onlyIn === undefined
          ? []
          : [
              problemAt(
                at,
                `keepalived reads this line with \`${onlyIn}\` of its configurations alone (option -i); it is read here`,
                'noted',
              ),
            ];
      return [...own, ...inner.flatMap(conditions)];
    });
}

function serversOf(block: Block, method: Forwarding, say: Say): readonly SiteServer[] {
  return block.inner.flatMap((one): readonly SiteServer[] => {
    const [first = '', address = '', portText = '0'] = one.words;
    if (first !== 'real_server') return [];
    const family = addressFamily(address, one.at, say);
    const port = portOf(portText, one.at, say);
    const weightText = valueOf(one, 'weight') ?? valueOf(block, 'weight') ?? '1';
    const weight = wholeOf(weightText);
    if (weight === undefined) say(one.at, `expected a number as its weight, found \`${weightText}\``);
    const own = methodOf(one, say);
    if (family === undefined || port === undefined || weight === undefined) return [];
    const encapsulation = own === undefined ? tunnelOf(block) : tunnelOf(one);
    return [
      {
        address,
        port,
        forwarding: own ?? method,
        weight,
        at: one.at,
        ...(encapsulation !== undefined && { encapsulation }),
      },
    ];
  });
}

/** How a service or a realserver forwards; undefined: it does not say, or nothing that is known. */
function methodOf(block: Block, say: Say): Forwarding | undefined {
  const text = valueOf(block, 'lb_kind') ?? valueOf(block, 'lvs_method');
  const method = methods[text?.toUpperCase() ?? ''];
  if (text !== undefined && method === undefined)
    say(block.at, `expected lb_kind (or lvs_method) DR, NAT or TUN, found \`${text}\``);
  return method;
}

/** `gue` of `lb_kind TUN type gue port 6080`; undefined: IP in IP, or no tunnel. */
function tunnelOf({ inner }: Block): string | undefined {
  const words = inner.find(({ words: [key] }) => key === 'lb_kind' || key === 'lvs_method')?.words ?? [];
  const type = words[words.indexOf('type', 2) + 1];
  return words.includes('type', 2) && type !== 'ipip' ? type : undefined;
}

function addressFamily(address: string, at: FileLine, say: Say) {
  const family = familyOfAddress(address);
  if (family === undefined)
    say(at, `\`${address}\` is no address: give one in its place with \`--map ${address}=ADDRESS\``);
  return family;
}

function portOf(text: string, at: FileLine, say: Say): number | undefined {
  const port = readPort(text);
  if (port === undefined) say(at, `the port \`${text}\` is not known here by this name: write its number`);
  return port;
}

function wholeOf(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** `192.0.2.10-12` is three addresses. */
function addressesOfRange(text: string): readonly string[] {
  const [, base, from = '', to] = /^(.*\.)(\d+)-(\d+)$/.exec(text) ?? [];
  if (base === undefined || to === undefined) return [text];
  const count = Math.max(0, Math.min(Number(to) - Number(from) + 1, 256));
  return Array.from({ length: count }, (_, index) => `${base}${Number(from) + index}`);
}

function valueOf({ inner }: Block, key: string): string | undefined {
  return inner.find(({ words }) => words[0] === key)?.words[1];
}
