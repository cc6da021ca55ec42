import type { CapturedSegment } from '../model/evidence.js';

type TcpHeader = Pick<
  CapturedSegment,
  'sourcePort' | 'destinationPort' | 'flags' | 'sequence' | 'acknowledgement' | 'payloadLength'
>;

/** Reads a TCP header; undefined when the bytes are no such header or too few. `length` is that of the whole segment on the wire. */
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
