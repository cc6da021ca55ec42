import { readIpv4, readTcpFlags } from './ipv4.js';
import type { CapturedIcmp } from './types.js';

/** Destination unreachable, source quench, redirect, time exceeded, parameter problem: the ones that quote a packet. */
const errorTypes: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);
const headerLength = 8;
const protocolTcp = 6;

type IcmpError = Pick<CapturedIcmp, 'type' | 'code' | 'quoted'>;

/** Dissects an ICMP message; a string is the short name of one that is no error. */
export function dissectIcmp(packet: DataView, offset: number): IcmpError | string {
  if (offset + headerLength > packet.byteLength) return 'icmp-short';
  const type = packet.getUint8(offset);
  if (!errorTypes.has(type)) return `icmp-type-${type}`;
  return { type, code: packet.getUint8(offset + 1), quoted: readQuoted(packet, offset + headerLength) };
}

/** The segment an ICMP error quotes. RFC 792 promises 8 bytes of it, so the flags may be missing. */
function readQuoted(packet: DataView, offset: number): CapturedIcmp['quoted'] {
  const ip = readIpv4(packet, offset, packet.byteLength - offset);
  if (ip?.protocol !== protocolTcp || ip.fragmentOffset > 0) return undefined;
  const tcp = ip.payloadOffset;
  if (tcp + 8 > packet.byteLength) return undefined;
  return {
    source: ip.source,
    sourcePort: packet.getUint16(tcp),
    destination: ip.destination,
    destinationPort: packet.getUint16(tcp + 2),
    flags: tcp + 14 > packet.byteLength ? undefined : readTcpFlags(packet.getUint8(tcp + 13)),
  };
}
