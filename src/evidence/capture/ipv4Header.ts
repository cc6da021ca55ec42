import type { IpHeader } from './ipHeader.js';

/**
 * Reads an IPv4 header; undefined when the bytes are no such header or too few. `available` is the number of bytes on the wire from
 * `offset` on. It replaces a total length of zero, which a capture shows for packets above 64 KiB before segmentation.
 */
export function readIpv4(packet: DataView, offset: number, available: number): IpHeader | undefined {
  if (offset + 20 > packet.byteLength) return undefined;
  const first = packet.getUint8(offset);
  const headerLength = (first & 0x0f) * 4;
  if (first >> 4 !== 4 || headerLength < 20 || offset + headerLength > packet.byteLength) return undefined;
  const totalLength = packet.getUint16(offset + 2) || available;
  if (totalLength < headerLength) return undefined;
  return {
    family: 'ipv4',
    source: readAddress(packet, offset + 12),
    destination: readAddress(packet, offset + 16),
    protocol: packet.getUint8(offset + 9),
    ttl: packet.getUint8(offset + 8),
    fragmentOffset: packet.getUint16(offset + 6) & 0x1fff,
    payloadOffset: offset + headerLength,
    payloadLength: totalLength - headerLength,
  };
}

function readAddress(packet: DataView, offset: number): string {
  return `${packet.getUint8(offset)}.${packet.getUint8(offset + 1)}.${packet.getUint8(offset + 2)}.${packet.getUint8(offset + 3)}`;
}
