import type { IpHeader } from './ipHeader.js';
import { readIpv4 } from './ipv4Header.js';
import { readIpv6 } from './ipv6Header.js';

/** Protocol numbers of IPv4 and IPv6 inside another IP packet, which is what IPVS's tunnelling sends. */
const tunnelProtocols: ReadonlySet<number> = new Set([4, 41]);

/** Reads an IP header of either version; for `available` see readIpv4. */
export function readIp(packet: DataView, offset: number, available: number): IpHeader | undefined {
  if (offset >= packet.byteLength) return undefined;
  const read = packet.getUint8(offset) >> 4 === 6 ? readIpv6 : readIpv4;
  return read(packet, offset, available);
}

/** The innermost header of IP within IP, and whether there was more than one; undefined when an inner header cannot be read. */
export function readInnermost(
  packet: DataView,
  outer: IpHeader,
): { readonly ip: IpHeader; readonly tunnelled: boolean } | undefined {
  let ip: IpHeader | undefined = outer;
  while (tunnelProtocols.has(ip.protocol) && ip.fragmentOffset === 0) {
    ip = readIp(packet, ip.payloadOffset, ip.payloadLength);
    if (ip === undefined) return undefined;
  }
  return { ip, tunnelled: ip !== outer };
}
