import { read16, read32, read8 } from './bytes.js';
import { FrameKind, type Packet } from './packet.js';
import { TcpFlag } from './tcpFlags.js';

const leastHeaderBytes = 20;
const optionEnd = 0;
const optionPadding = 1;
const optionMss = 2;

/** Reads the segment at `at`, whose length the IP header has told already; the buffer holds what is before `kept`. */
export function parseSegment(packet: Packet, bytes: Buffer, at: number, kept: number): FrameKind {
  const length = packet.lengthAboveIp;
  if (at + leastHeaderBytes > kept) return FrameKind.malformed;
  const headerBytes = (read8(bytes, at + 12) >>> 4) * 4;
  const payloadAt = at + headerBytes;
  if (headerBytes < leastHeaderBytes || headerBytes > length || payloadAt > kept) return FrameKind.malformed;
  packet.sourcePort = read16(bytes, at);
  packet.destinationPort = read16(bytes, at + 2);
  packet.sequence = read32(bytes, at + 4);
  packet.acknowledgement = read32(bytes, at + 8);
  packet.flags = read8(bytes, at + 13);
  packet.window = read16(bytes, at + 14);
  packet.mss = (packet.flags & TcpFlag.syn) === 0 ? 0 : readMss(bytes, at + leastHeaderBytes, payloadAt);
  packet.payloadAt = payloadAt;
  packet.payloadLength = length - headerBytes;
  packet.payloadKept = kept - payloadAt;
  return FrameKind.segment;
}

/** Reads the maximum segment size. Skips unknown options, and stops, as Linux does, at an option with an impossible length. */
function readMss(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const kind = read8(bytes, at);
    if (kind === optionEnd) return 0;
    if (kind === optionPadding) {
      at += 1;
      continue;
    }
    const length = at + 1 < end ? read8(bytes, at + 1) : 0;
    if (length < 2 || at + length > end) return 0;
    if (kind === optionMss && length === 4) return read16(bytes, at + 2);
    at += length;
  }
  return 0;
}
