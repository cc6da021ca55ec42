import { dissectIcmp } from './icmp.js';
import { readIpv4, readTcp } from './ipv4.js';
import type { CapturedIcmp, CapturedSegment } from './types.js';

/** A frame of a capture, as far as the judge cares; `other` has a short name for the rest. */
export type Frame =
  | { readonly kind: 'segment'; readonly segment: Omit<CapturedSegment, 'time'> }
  | { readonly kind: 'icmp'; readonly icmp: Omit<CapturedIcmp, 'time'> }
  | { readonly kind: 'other'; readonly name: string };

const ethernetLength = 14;
const vlanTypes: ReadonlySet<number> = new Set([0x8100, 0x88a8]);
const ipv4Type = 0x0800;
const etherTypeNames: Readonly<Record<number, string>> = { 0x0806: 'arp', 0x86dd: 'ipv6' };
const protocolNames: Readonly<Record<number, string>> = { 2: 'igmp', 4: 'ipip', 17: 'udp', 47: 'gre' };
const protocolIcmp = 1;
const protocolTcp = 6;

/** Dissects an Ethernet frame; `length` is what it had on the wire. Never throws: whatever it cannot read is `other`. */
export function dissectFrame(packet: DataView, length: number): Frame {
  if (packet.byteLength < ethernetLength) return other('ethernet-short');
  let typeOffset = 12;
  while (typeOffset + 2 <= packet.byteLength && vlanTypes.has(packet.getUint16(typeOffset))) typeOffset += 4;
  if (typeOffset + 2 > packet.byteLength) return other('vlan-short');
  const etherType = packet.getUint16(typeOffset);
  if (etherType !== ipv4Type) {
    return other(etherTypeNames[etherType] ?? `ethertype-0x${etherType.toString(16).padStart(4, '0')}`);
  }
  return dissectIpv4(packet, typeOffset + 2, length);
}

function dissectIpv4(packet: DataView, offset: number, length: number): Frame {
  const ip = readIpv4(packet, offset, length - offset);
  if (ip === undefined) return other('ipv4-malformed');
  if (ip.fragmentOffset > 0) return other('ipv4-fragment');
  const ends = {
    sourceMac: readMac(packet, 6),
    destinationMac: readMac(packet, 0),
    source: ip.source,
    destination: ip.destination,
  };
  if (ip.protocol === protocolIcmp) {
    const icmp = dissectIcmp(packet, ip.payloadOffset);
    return typeof icmp === 'string' ? other(icmp) : { kind: 'icmp', icmp: { ...ends, ...icmp } };
  }
  if (ip.protocol !== protocolTcp) return other(protocolNames[ip.protocol] ?? `ip-protocol-${ip.protocol}`);
  const tcp = readTcp(packet, ip.payloadOffset, ip.payloadLength);
  return tcp === undefined
    ? other('tcp-malformed')
    : { kind: 'segment', segment: { ...ends, ttl: ip.ttl, ...tcp } };
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
