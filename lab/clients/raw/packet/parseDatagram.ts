import { read16 } from './bytes.js';
import { FrameKind, type Packet } from './packet.js';

export const protocolUdp = 17;
/** Bytes of a UDP header. */
export const udpBytes = 8;

/** Reads the datagram at `at`, whose length the IP header has told already; the buffer holds what is before `kept`. */
export function parseDatagram(packet: Packet, bytes: Buffer, at: number, kept: number): FrameKind {
  if (at + udpBytes > kept) return FrameKind.malformed;
  const length = read16(bytes, at + 4);
  if (length < udpBytes || length > packet.lengthAboveIp) return FrameKind.malformed;
  packet.sourcePort = read16(bytes, at);
  packet.destinationPort = read16(bytes, at + 2);
  packet.payloadAt = at + udpBytes;
  packet.payloadLength = length - udpBytes;
  packet.payloadKept = Math.min(kept - packet.payloadAt, packet.payloadLength);
  return FrameKind.datagram;
}
