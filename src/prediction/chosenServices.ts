import { UsageError } from '../support/errors.js';
import { type Forwarding, type Protocol, protocols } from '../contracts/words/network.js';
import { familyOfAddress, firstAddress } from '../site/model/addressRange.js';
import type { Site, SiteService } from '../site/model/site.js';
import { readEndpoint } from '../site/parsers/addressPort.js';
import type { Term } from './model/filter.js';
import { protocolNumbers } from './packets/protocolNumbers.js';
import type { DirectorFilters, VirtualService, ServiceServer } from './model/question.js';

/** What options say of services, beside the files. */
export interface ServiceOptions {
  /** `192.0.2.1:80`, or the address and port behind a mark; `192.0.2.1:53/udp` is of that protocol alone. */
  readonly services: readonly string[];
  readonly forwarding: Forwarding | undefined;
}

/** The services of a site that are asked about, and those that are left out, each with the reason. */
export interface ChosenServices {
  readonly services: readonly VirtualService[];
  readonly leftOut: readonly { readonly service: SiteService; readonly why: string }[];
  /** Of services that are asked about: what of them is not. */
  readonly notes: readonly { readonly service: SiteService; readonly text: string }[];
}

/**
 * The services to ask about: those that the files have, each with the addresses and ports that it stands for; with some named, those.
 * @throws UsageError when there is none, or a named one is no address.
 */
export function servicesOf(site: Site, filters: DirectorFilters, named: ServiceOptions): ChosenServices {
  const ends = named.services.map(namedEnd);
  const addresses = new Set(
    site.interfaces?.flatMap(({ addresses }) => addresses.map((one) => one.replace(/\/.*/, ''))),
  );
  const services: VirtualService[] = [];
  const leftOut: { readonly service: SiteService; readonly why: string }[] = [];
  const notes: { readonly service: SiteService; readonly text: string }[] = [];
  for (const service of site.services) {
    const { address, fwmark, family, protocol } = service;
    if (protocol === 'sctp') leftOut.push({ service, why: 'SCTP is not predicted' });
    else if (service.servers.length === 0) leftOut.push({ service, why: 'it has no realserver' });
    else if (service.namespace !== undefined)
      leftOut.push({ service, why: namespaceText(service.namespace) });
    else if (encapsulationOf(service) !== undefined)
      leftOut.push({
        service,
        why: `its tunnel is ${encapsulationOf(service)?.toUpperCase() ?? ''}, and only IP in IP is predicted`,
      });
    else {
      const found: readonly End[] =
        address !== undefined && address.port !== 0 ? [address] : standsFor(service, filters, ends);
      const stands = found.map((end) => ({ ...end, protocol: end.protocol ?? protocol }));
      const asked =
        ends.length === 0 ? stands : stands.filter((end) => ends.some((one) => isSameEnd(one, end)));
      if (stands.length === 0)
        leftOut.push({
          service,
          why: 'which addresses and ports it stands for is not in the files: name one with --service ADDRESS:PORT',
        });
      const drained = asked.length === 0 ? undefined : drainedText(service);
      if (drained !== undefined) notes.push({ service, text: drained });
      for (const { vip, port, protocol: own } of asked)
        services.push({
          protocol: own,
          family: familyOfAddress(vip) ?? family,
          vip,
          port,
          fwmark,
          ...(service.onePacket && own === 'udp' && { onePacket: true as const }),
          ...(service.choosing.length > 0 && { choosing: service.choosing }),
          servers: serversOf(service, port, addresses),
          at: service.at,
        });
    }
  }
  const missing = ends.filter((end) => !services.some((one) => isSameEnd(end, one)));
  for (const { vip, port, protocol = 'tcp' } of missing)
    services.push({
      protocol,
      family: familyOfAddress(vip) ?? 'ipv4',
      vip,
      port,
      fwmark: undefined,
      servers: [{ address: '', port, forwarding: named.forwarding ?? 'dr', isLocal: false }],
      at: undefined,
    });
  if (services.length === 0 && leftOut.length === 0)
    throw new UsageError(
      'expected services: what `ipvsadm -Sn` prints, keepalived.conf or ldirectord.cf, or --service ADDRESS:PORT',
      {
        hint: 'On the director: `ipvsadm -Sn > ipvsadm.save`.',
      },
    );
  return { services, leftOut, notes };
}

/** Nobody can tell in which namespace rules were listed. */
function namespaceText({ name, at: { file, line, text } }: NonNullable<SiteService['namespace']>): string {
  return `it is in a network namespace of its own (\`${text}\`, ${file}:${line}), where other rules hold: give what \`ip netns exec ${name} iptables-save\` prints, with that line taken out`;
}

/** The tunnel that any of a service's realservers has, where it is not IP in IP. */
function encapsulationOf({ servers }: SiteService): string | undefined {
  return servers.find(({ encapsulation }) => encapsulation !== undefined)?.encapsulation;
}

/** What weights of 0 have to do with the answer; undefined: there are none. */
function drainedText({ servers }: SiteService): string | undefined {
  const drained = servers.filter(({ weight }) => weight === 0).map(({ address }) => address);
  if (drained.length === 0) return undefined;
  return drained.length === servers.length
    ? 'all realservers have weight 0, so that nobody can connect: the answer is for when they have another'
    : `weight 0 gives ${drained.join(', ')} no new connections, and the answer is for the others`;
}

/** Realservers that new connections go to: all, where none has a weight. */
function serversOf(
  { servers }: SiteService,
  port: number,
  own: ReadonlySet<string>,
): readonly ServiceServer[] {
  const weighted = servers.filter(({ weight }) => weight > 0);
  return (weighted.length > 0 ? weighted : servers).map((server) => ({
    address: server.address,
    port: server.port === 0 ? port : server.port,
    forwarding: server.forwarding,
    isLocal: own.has(server.address) || server.address.startsWith('127.'),
  }));
}

interface End {
  readonly vip: string;
  readonly port: number;
  /** Undefined: that of the service it stands for. */
  readonly protocol?: Protocol | undefined;
}

/** Reads a value of `--service`. */
function namedEnd(text: string): End {
  const [, address = text, protocol] = /^(.*)\/(tcp|udp)$/.exec(text) ?? [];
  const end = readEndpoint(address);
  if (typeof end === 'string' || end.port === 0)
    throw new UsageError(`expected --service ADDRESS:PORT, or ADDRESS:PORT/udp, found \`${text}\``);
  return { vip: end.address, port: end.port, protocol: protocols.find((one) => one === protocol) };
}

/** Whether what was named is an end of a service; without a protocol it is of any. */
function isSameEnd({ vip, port, protocol }: End, other: End): boolean {
  return vip === other.vip && port === other.port && (protocol ?? other.protocol) === other.protocol;
}

/** What a service by mark, or one for all ports, stands for: what was named, else what rules say that mark it. */
function standsFor(
  { address, fwmark }: SiteService,
  { families }: DirectorFilters,
  named: readonly End[],
): readonly End[] {
  const ofVip = named.filter(({ vip }) => address === undefined || vip === address.vip);
  if (ofVip.length > 0 || fwmark === undefined) return ofVip;
  return families
    .flatMap((chains) => [...chains.values()].flatMap(({ rules }) => rules))
    .flatMap(({ action, terms }) => {
      if (action.kind !== 'mark' || action.set?.flip !== fwmark) return [];
      const addresses = terms.flatMap((term) =>
        term.kind === 'address' && term.side === 'destination' && !term.negated ? term.ranges : [],
      );
      const ports = terms.flatMap((term) => (term.kind === 'port' && !term.negated ? term.ranges : []));
      const protocol = protocolOf(terms);
      return addresses.flatMap((range) =>
        ports.map(([port]) => ({ vip: firstAddress(range), port, protocol })),
      );
    });
}

/** The protocol that a rule asks for; undefined: none, or not one alone. */
function protocolOf(terms: readonly Term[]): Protocol | undefined {
  const asked = terms.flatMap((term) => (term.kind === 'protocol' ? term.ranges : []));
  return protocols.find(
    (one) =>
      asked.length > 0 &&
      asked.every(([first, last]) => first === protocolNumbers[one] && last === protocolNumbers[one]),
  );
}
