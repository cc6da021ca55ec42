import type { CapturedSegment } from '../model/evidence.js';
import { readTcpFlags } from './tcp.js';

type Datagram = Pick<
  CapturedSegment,
  'sourcePort' | 'destinationPort' | 'flags' | 'sequence' | 'acknowledgement' | 'payloadLength' | 'udp'
>;

const headerLength = 8;

/** Reads a header of UDP, as a segment without flags and numbers; undefined when the bytes are no such header or too few. */
export function readUdp(packet: DataView, offset: number): Datagram | undefined {
  if (offset + headerLength > packet.byteLength) return undefined;
  const length = packet.getUint16(offset + 4);
  if (length < headerLength) return undefined;
  return {
    sourcePort: packet.getUint16(offset),
    destinationPort: packet.getUint16(offset + 2),
    flags: readTcpFlags(0),
    sequence: 0,
    acknowledgement: 0,
    payloadLength: length - headerLength,
    udp: true,
  };
}
