import { readInnermost, readIp } from './ip.js';
import type { IpHeader } from './ipHeader.js';
import { readTcpFlags } from './tcp.js';
import type { CapturedIcmp } from '../model/evidence.js';

/**
 * Types of messages that quote a packet. ICMP: destination unreachable, source quench, redirect, time exceeded, parameter problem. ICMPv6:
 * destination unreachable, packet too big, time exceeded, parameter problem.
 */
const errorTypes: Readonly<Record<IpHeader['family'], ReadonlySet<number>>> = {
  ipv4: new Set([3, 4, 5, 11, 12]),
  ipv6: new Set([1, 2, 3, 4]),
};
const headerLength = 8;
const protocolTcp = 6;
const protocolUdp = 17;
const quotedProtocols: ReadonlySet<number> = new Set([protocolTcp, protocolUdp]);

type IcmpError = Pick<CapturedIcmp, 'family' | 'type' | 'code' | 'quoted'>;

/** Reads the ICMP or ICMPv6 message in this IP packet; for a message that is no error, returns its short name. */
export function dissectIcmp(packet: DataView, { family, payloadOffset }: IpHeader): IcmpError | string {
  const name = family === 'ipv4' ? 'icmp' : 'icmpv6';
  if (payloadOffset + headerLength > packet.byteLength) return `${name}-short`;
  const type = packet.getUint8(payloadOffset);
  if (!errorTypes[family].has(type)) return `${name}-type-${type}`;
  return {
    family,
    type,
    code: packet.getUint8(payloadOffset + 1),
    quoted: readQuoted(packet, payloadOffset + headerLength),
  };
}

/**
 * The segment or datagram that an ICMP error quotes, even if it was inside a tunnel when it was refused. RFC 792 only promises 8 bytes of it, so the
 * flags may be missing.
 */
function readQuoted(packet: DataView, offset: number): CapturedIcmp['quoted'] {
  const outer = readIp(packet, offset, packet.byteLength - offset);
  const ip = outer && readInnermost(packet, outer)?.ip;
  if (ip === undefined || !quotedProtocols.has(ip.protocol) || ip.fragmentOffset > 0) return undefined;
  const tcp = ip.payloadOffset;
  if (tcp + 8 > packet.byteLength) return undefined;
  const hasFlags = ip.protocol === protocolTcp && tcp + 14 <= packet.byteLength;
  return {
    source: ip.source,
    sourcePort: packet.getUint16(tcp),
    destination: ip.destination,
    destinationPort: packet.getUint16(tcp + 2),
    flags: hasFlags ? readTcpFlags(packet.getUint8(tcp + 13)) : undefined,
  };
}
