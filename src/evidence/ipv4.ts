import type { CapturedSegment } from './types.js';

interface Ipv4Header {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly ttl: number;
  /** In units of 8 bytes, as on the wire. */
  readonly fragmentOffset: number;
  readonly payloadOffset: number;
  /** On the wire, whatever the capture kept of it. */
  readonly payloadLength: number;
}

/**
 * Reads an IPv4 header; undefined when the bytes are none or too few. `available` is the number of bytes on the wire from
 * `offset` on: it stands in for a total length of zero, which a capture shows for packets above 64 KiB before segmentation.
 */
export function readIpv4(packet: DataView, offset: number, available: number): Ipv4Header | undefined {
  if (offset + 20 > packet.byteLength) return undefined;
  const first = packet.getUint8(offset);
  const headerLength = (first & 0x0f) * 4;
  if (first >> 4 !== 4 || headerLength < 20 || offset + headerLength > packet.byteLength) return undefined;
  const totalLength = packet.getUint16(offset + 2) || available;
  if (totalLength < headerLength) return undefined;
  return {
    source: readAddress(packet, offset + 12),
    destination: readAddress(packet, offset + 16),
    protocol: packet.getUint8(offset + 9),
    ttl: packet.getUint8(offset + 8),
    fragmentOffset: packet.getUint16(offset + 6) & 0x1fff,
    payloadOffset: offset + headerLength,
    payloadLength: totalLength - headerLength,
  };
}

type TcpHeader = Pick<
  CapturedSegment,
  'sourcePort' | 'destinationPort' | 'flags' | 'sequence' | 'acknowledgement' | 'payloadLength'
>;

/** Reads a TCP header; `length` is that of the whole segment on the wire. Undefined when the bytes are none or too few. */
export function readTcp(packet: DataView, offset: number, length: number): TcpHeader | undefined {
  if (offset + 20 > packet.byteLength) return undefined;
  const headerLength = (packet.getUint8(offset + 12) >> 4) * 4;
  if (headerLength < 20 || headerLength > length) return undefined;
  return {
    sourcePort: packet.getUint16(offset),
    destinationPort: packet.getUint16(offset + 2),
    sequence: packet.getUint32(offset + 4),
    acknowledgement: packet.getUint32(offset + 8),
    flags: readTcpFlags(packet.getUint8(offset + 13)),
    payloadLength: length - headerLength,
  };
}

/** The flags byte of a TCP header, bit by bit. */
export function readTcpFlags(byte: number): CapturedSegment['flags'] {
  return {
    fin: (byte & 0x01) !== 0,
    syn: (byte & 0x02) !== 0,
    rst: (byte & 0x04) !== 0,
    psh: (byte & 0x08) !== 0,
    ack: (byte & 0x10) !== 0,
  };
}

function readAddress(packet: DataView, offset: number): string {
  return `${packet.getUint8(offset)}.${packet.getUint8(offset + 1)}.${packet.getUint8(offset + 2)}.${packet.getUint8(offset + 3)}`;
}
