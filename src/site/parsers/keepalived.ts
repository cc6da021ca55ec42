import type { Forwarding } from '../../contracts/words/network.js';
import { familyOfAddress } from '../model/addressRange.js';
import type { SiteServer, SiteService } from '../model/site.js';
import type { SiteProblem } from '../model/siteProblem.js';
import type { PlacedFile } from '../model/sourceFile.js';
import { type Block, readBlocks } from './blocks.js';
import { readPort } from './addressPort.js';
import { problemAt, type Reading } from './readingOf.js';

const methods: Readonly<Record<string, Forwarding>> = { DR: 'dr', NAT: 'nat', TUN: 'tun' };

/** What keepalived.conf says: services, and addresses that VRRP gives the director. */
export interface Keepalived extends Reading<SiteService> {
  readonly addresses: readonly string[];
}

/** Reads keepalived.conf: `virtual_server` by address, by mark and by group, and the addresses of `vrrp_instance`. */
export function readKeepalived(file: PlacedFile): Keepalived {
  const blocks = readBlocks(file);
  const problems: SiteProblem[] = [];
  const groups = new Map(
    blocks.flatMap((block) =>
      block.words[0] === 'virtual_server_group' ? [[block.words[1] ?? '', block.inner] as const] : [],
    ),
  );
  const services: SiteService[] = [];
  const addresses: string[] = [];
  for (const block of blocks) {
    const [first = '', ...names] = block.words;
    if (first === 'virtual_server') {
      const found = servicesOf(block, names, groups);
      if (typeof found === 'string') problems.push(problemAt(block.at, found));
      else services.push(...found);
    } else if (first === 'vrrp_instance') addresses.push(...vrrpAddresses(block));
  }
  return { found: services, problems, addresses };
}

function servicesOf(
  block: Block,
  names: readonly string[],
  groups: ReadonlyMap<string, readonly Block[]>,
): readonly SiteService[] | string {
  const method = methods[(valueOf(block, 'lb_kind') ?? valueOf(block, 'lvs_method') ?? 'NAT').toUpperCase()];
  if (method === undefined) return 'expected lb_kind (or lvs_method) DR, NAT or TUN';
  const protocol = (valueOf(block, 'protocol') ?? 'TCP').toLowerCase();
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp')
    return 'expected protocol TCP, UDP or SCTP';
  const servers = serversOf(block, method);
  if (typeof servers === 'string') return servers;
  const [kind = '', group = ''] = names;
  const ends = kind === 'group' ? groups.get(group)?.map(({ words }) => words) : [names];
  if (ends === undefined) return `no virtual_server_group is called \`${group}\` in this file`;
  const found: SiteService[] = [];
  for (const [first = '', second = '0'] of ends) {
    const family = familyOfAddress(first.replace(/-.*/, ''));
    const shared = { protocol, servers, at: block.at } as const;
    const port = readPort(second);
    if (first === 'fwmark') {
      const ofServers = familyOfAddress(servers[0]?.address ?? '') ?? 'ipv4';
      found.push({ ...shared, family: ofServers, address: undefined, fwmark: Number(second) });
    } else if (family === undefined)
      return `\`${first}\` is no address: give one in its place with \`--map ${first}=ADDRESS\``;
    else if (port === undefined) return `the port \`${second}\` is not known here by this name`;
    else
      for (const vip of addressesOfRange(first))
        found.push({ ...shared, family, address: { vip, port }, fwmark: undefined });
  }
  return found;
}

function serversOf(block: Block, method: Forwarding): readonly SiteServer[] | string {
  const servers: SiteServer[] = [];
  for (const one of block.inner) {
    const [first = '', address = '', portText = '0'] = one.words;
    if (first !== 'real_server') continue;
    const port = readPort(portText);
    if (familyOfAddress(address) === undefined)
      return `line ${one.at.line}: \`${address}\` is no address: give one in its place with \`--map ${address}=ADDRESS\``;
    if (port === undefined)
      return `line ${one.at.line}: the port \`${portText}\` is not known here by this name`;
    const own = valueOf(one, 'lvs_method') ?? valueOf(one, 'lb_kind');
    const forwarding = own === undefined ? method : (methods[own.toUpperCase()] ?? method);
    servers.push({ address, port, forwarding, weight: Number(valueOf(one, 'weight') ?? 1), at: one.at });
  }
  return servers;
}

/** `192.0.2.10-12` is three addresses. */
function addressesOfRange(text: string): readonly string[] {
  const [, base, from = '', to] = /^(.*\.)(\d+)-(\d+)$/.exec(text) ?? [];
  if (base === undefined || to === undefined) return [text];
  const count = Math.max(0, Math.min(Number(to) - Number(from) + 1, 256));
  return Array.from({ length: count }, (_, index) => `${base}${Number(from) + index}`);
}

function vrrpAddresses({ inner }: Block): readonly string[] {
  return inner
    .filter(({ words }) => ['virtual_ipaddress', 'virtual_ipaddress_excluded'].includes(words[0] ?? ''))
    .flatMap(({ inner: lines }) => lines.flatMap(({ words: [address = ''] }) => address.replace(/\/.*/, '')));
}

function valueOf({ inner }: Block, key: string): string | undefined {
  return inner.find(({ words }) => words[0] === key)?.words[1];
}
