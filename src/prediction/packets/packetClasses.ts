import type { Sender } from '../model/prediction.js';
import type { VirtualService } from '../model/question.js';

/** A kind of packets of a service: all of one kind look alike to rules. */
export interface PacketClass {
  readonly name: string;
  readonly from: Sender;
  /** TCP's flags; undefined: it is a datagram, or a message of ICMP: that a packet of the service is too big for the path, or one by which neighbours are found. */
  readonly flags: number | undefined;
  /** What the packet is for. */
  readonly part: 'open' | 'transfer' | 'close' | 'reset' | 'icmp' | 'neighbour';
  /** Type and code of a message of ICMP, where it is always the same. */
  readonly icmp?: { readonly type: number; readonly code: number };
}

/** What client and realserver send each other over TCP. */
export const tcpKinds = [
  { name: 'SYN', from: 'client', flags: 0x02, part: 'open' },
  { name: 'ACK', from: 'client', flags: 0x10, part: 'open' },
  { name: 'data', from: 'client', flags: 0x18, part: 'transfer' },
  { name: 'FIN', from: 'client', flags: 0x11, part: 'close' },
  { name: 'FIN with data', from: 'client', flags: 0x19, part: 'close' },
  { name: 'RST', from: 'client', flags: 0x04, part: 'reset' },
  { name: 'RST,ACK', from: 'client', flags: 0x14, part: 'reset' },
  { name: 'ICMP too big', from: 'client', flags: undefined, part: 'icmp' },
  { name: "realserver's SYN-ACK", from: 'realserver', flags: 0x12, part: 'open' },
  { name: "realserver's ACK", from: 'realserver', flags: 0x10, part: 'transfer' },
  { name: "realserver's data", from: 'realserver', flags: 0x18, part: 'transfer' },
  { name: "realserver's FIN", from: 'realserver', flags: 0x11, part: 'close' },
  { name: "realserver's RST", from: 'realserver', flags: 0x04, part: 'reset' },
] as const satisfies readonly PacketClass[];

/** The packets of a flow of UDP: its first request, later requests, answers, and ICMP errors for answers that are too big. */
export const udpKinds = [
  { name: 'request', from: 'client', flags: undefined, part: 'open' },
  { name: 'later request', from: 'client', flags: undefined, part: 'transfer' },
  { name: 'ICMP too big', from: 'client', flags: undefined, part: 'icmp' },
  { name: "realserver's answer", from: 'realserver', flags: undefined, part: 'transfer' },
] as const satisfies readonly PacketClass[];

/**
 * The messages by which hosts on a link and the director find each other's hardware addresses in IPv6. In IPv4 that is ARP, which no rule of
 * iptables sees.
 */
export const neighbourKinds = [
  {
    name: 'neighbour solicitation',
    from: 'neighbour',
    flags: undefined,
    part: 'neighbour',
    icmp: { type: 135, code: 0 },
  },
  {
    name: 'neighbour advertisement',
    from: 'neighbour',
    flags: undefined,
    part: 'neighbour',
    icmp: { type: 136, code: 0 },
  },
  {
    name: "director's solicitation",
    from: 'director',
    flags: undefined,
    part: 'neighbour',
    icmp: { type: 135, code: 0 },
  },
  {
    name: "director's advertisement",
    from: 'director',
    flags: undefined,
    part: 'neighbour',
    icmp: { type: 136, code: 0 },
  },
] as const satisfies readonly PacketClass[];

/** The name of a kind of packets that clients and realservers send each other. */
export type PacketName = (typeof tcpKinds)[number]['name'] | (typeof udpKinds)[number]['name'];

/** The kinds of packets that pass a director for a service. */
export function kindsOf({
  protocol,
  family,
}: Pick<VirtualService, 'protocol' | 'family'>): readonly PacketClass[] {
  return [...(protocol === 'tcp' ? tcpKinds : udpKinds), ...(family === 'ipv6' ? neighbourKinds : [])];
}

/** The kinds of packets that one side sends, a bit for each. */
export function kindsFrom(kinds: readonly PacketClass[], side: PacketClass['from']): number {
  return maskOf(kinds, ({ from }) => from === side);
}

/** A bit for each kind that is meant. */
export function maskOf(kinds: readonly PacketClass[], isMeant: (kind: PacketClass) => boolean): number {
  return kinds.reduce((mask, kind, index) => (isMeant(kind) ? mask | (1 << index) : mask), 0);
}
