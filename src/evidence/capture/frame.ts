import { dissectIcmp } from './icmp.js';
import { readInnermost, readIp } from './ip.js';
import type { IpHeader } from './ipHeader.js';
import { readArp, readNeighbourDiscovery } from './neighbour.js';
import { readTcp } from './tcp.js';
import { readUdp } from './udp.js';
import type { CapturedIcmp, CapturedNeighbour, CapturedSegment } from '../model/evidence.js';

/** A frame of a capture, as far as the judge needs it; `other` has a short name for any other frame. */
export type Frame =
  | { readonly kind: 'segment'; readonly segment: Omit<CapturedSegment, 'time'> }
  | { readonly kind: 'icmp'; readonly icmp: Omit<CapturedIcmp, 'time'> }
  /** A packet of IPVS's connection sync. */
  | { readonly kind: 'sync'; readonly sourceMac: string }
  | { readonly kind: 'neighbour'; readonly neighbour: Omit<CapturedNeighbour, 'time'> }
  | { readonly kind: 'other'; readonly name: string };

const ethernetLength = 14;
const vlanTypes: ReadonlySet<number> = new Set([0x8100, 0x88a8]);
const ipTypes: Readonly<Record<number, IpHeader['family']>> = { 0x0800: 'ipv4', 0x86dd: 'ipv6' };
const arpType = 0x0806;
const protocolNames: Readonly<Record<number, string>> = { 2: 'igmp', 47: 'gre' };
const icmpProtocols: Readonly<Record<IpHeader['family'], number>> = { ipv4: 1, ipv6: 58 };
const protocolTcp = 6;
const protocolUdp = 17;
const syncPort = 8848;

/** Reads an Ethernet frame; `length` is its length on the wire. Never throws: a frame that it cannot read is `other`. */
export function dissectFrame(packet: DataView, length: number): Frame {
  if (packet.byteLength < ethernetLength) return other('ethernet-short');
  let typeOffset = 12;
  while (typeOffset + 2 <= packet.byteLength && vlanTypes.has(packet.getUint16(typeOffset))) typeOffset += 4;
  if (typeOffset + 2 > packet.byteLength) return other('vlan-short');
  const etherType = packet.getUint16(typeOffset);
  const family = ipTypes[etherType];
  if (family !== undefined) return dissectIp(packet, typeOffset + 2, length, family);
  if (etherType !== arpType) return other(`ethertype-0x${etherType.toString(16).padStart(4, '0')}`);
  const message = readArp(packet, typeOffset + 2);
  if (message === undefined) return other('arp-malformed');
  return { kind: 'neighbour', neighbour: { ...macsOf(packet), ...message } };
}

function macsOf(packet: DataView): { readonly sourceMac: string; readonly destinationMac: string } {
  return { sourceMac: readMac(packet, 6), destinationMac: readMac(packet, 0) };
}

function dissectIp(packet: DataView, offset: number, length: number, family: IpHeader['family']): Frame {
  const outer = readIp(packet, offset, length - offset);
  if (outer?.family !== family) return other(`${family}-malformed`);
  const innermost = readInnermost(packet, outer);
  if (innermost === undefined) return other('tunnel-malformed');
  const { ip, tunnelled } = innermost;
  if (ip.fragmentOffset > 0) return other(`${ip.family}-fragment`);
  const ends = {
    ...macsOf(packet),
    source: ip.source,
    destination: ip.destination,
  };
  if (ip.protocol === icmpProtocols[ip.family]) {
    const message = readNeighbourDiscovery(packet, ip);
    if (message !== undefined) return { kind: 'neighbour', neighbour: { ...macsOf(packet), ...message } };
    const icmp = dissectIcmp(packet, ip);
    return typeof icmp === 'string' ? other(icmp) : { kind: 'icmp', icmp: { ...ends, ...icmp } };
  }
  if (ip.protocol === protocolUdp && destinationPort(packet, ip) === syncPort) {
    return { kind: 'sync', sourceMac: ends.sourceMac };
  }
  if (ip.protocol === protocolUdp) {
    const udp = readUdp(packet, ip.payloadOffset);
    return udp === undefined
      ? other('udp-malformed')
      : { kind: 'segment', segment: { ...ends, ttl: ip.ttl, tunnelled, ...udp } };
  }
  if (ip.protocol !== protocolTcp) return other(protocolNames[ip.protocol] ?? `ip-protocol-${ip.protocol}`);
  const tcp = readTcp(packet, ip.payloadOffset, ip.payloadLength);
  return tcp === undefined
    ? other('tcp-malformed')
    : { kind: 'segment', segment: { ...ends, ttl: ip.ttl, tunnelled, ...tcp } };
}

/** The destination port; undefined when the packet is too short to have one. */
function destinationPort(packet: DataView, { payloadOffset }: IpHeader): number | undefined {
  return payloadOffset + 4 > packet.byteLength ? undefined : packet.getUint16(payloadOffset + 2);
}

function other(name: string): Frame {
  return { kind: 'other', name };
}

function readMac(packet: DataView, offset: number): string {
  return Array.from({ length: 6 }, (_, index) =>
    packet
      .getUint8(offset + index)
      .toString(16)
      .padStart(2, '0'),
  ).join(':');
}
