import { read16, read32, read8 } from './bytes.js';
import { FrameKind, type Packet } from './packet.js';
import { protocolUdp } from './parseDatagram.js';

export const protocolTcp = 6;
/** Bytes before the packet that an ICMP error quotes. */
export const icmpHeaderBytes = 8;
/** Bytes that every error quotes of a segment or datagram at least: ports, and TCP's sequence number. */
const quotedBytes = 8;

export function takeIcmp(packet: Packet, bytes: Buffer, at: number): void {
  packet.icmpType = read8(bytes, at);
  packet.icmpCode = read8(bytes, at + 1);
}

/** Reads what an ICMP error quotes after the IP header, beginning at `at`; the IP header has been read into `packet`. */
export function parseQuote(packet: Packet, bytes: Buffer, at: number, end: number): FrameKind {
  if (packet.protocol !== protocolTcp && packet.protocol !== protocolUdp) return FrameKind.other;
  if (at + quotedBytes > end) return FrameKind.malformed;
  packet.sourcePort = read16(bytes, at);
  packet.destinationPort = read16(bytes, at + 2);
  packet.sequence = read32(bytes, at + 4);
  return FrameKind.icmpError;
}
