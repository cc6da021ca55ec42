import { read16, read8 } from './bytes.js';
import { isIcmpv4Error } from './icmpTypes.js';
import { FrameKind, type Packet } from './packet.js';
import { parseDatagram, protocolUdp } from './parseDatagram.js';
import { icmpHeaderBytes, parseQuote, protocolTcp, takeIcmp } from './parseIcmp.js';
import { parseSegment } from './parseSegment.js';

const protocolIcmp = 1;
const addressBytes = 4;

/** Reads the IPv4 packet whose header begins at `ip`, in a frame that ends before `end`. */
export function parseIpv4(packet: Packet, bytes: Buffer, ip: number, end: number): FrameKind {
  const header = headerBytes(bytes, ip, end);
  if (header === 0) return FrameKind.malformed;
  const total = read16(bytes, ip + 2);
  // More fragments, or an offset: a part of a packet.
  const isFragment = (read16(bytes, ip + 6) & 0x3fff) !== 0;
  if (total < header || isFragment) return FrameKind.malformed;
  const above = ip + header;
  const kept = Math.min(end, ip + total);
  takeHeader(packet, bytes, ip);
  packet.lengthAboveIp = total - header;
  if (packet.protocol === protocolTcp) return parseSegment(packet, bytes, above, kept);
  if (packet.protocol === protocolUdp) return parseDatagram(packet, bytes, above, kept);
  if (packet.protocol !== protocolIcmp) return FrameKind.other;
  if (above + icmpHeaderBytes > kept) return FrameKind.malformed;
  takeIcmp(packet, bytes, above);
  if (!isIcmpv4Error(packet.icmpType)) return FrameKind.other;
  const quoted = above + icmpHeaderBytes;
  const quotedHeader = headerBytes(bytes, quoted, kept);
  if (quotedHeader === 0) return FrameKind.malformed;
  takeHeader(packet, bytes, quoted);
  return parseQuote(packet, bytes, quoted + quotedHeader, kept);
}

/** The length of the IPv4 header with its options; 0: it is no IPv4 header, or does not end before `end`. */
function headerBytes(bytes: Buffer, ip: number, end: number): number {
  if (ip + 20 > end) return 0;
  const first = read8(bytes, ip);
  const length = (first & 0x0f) * 4;
  return first >>> 4 === 4 && length >= 20 && ip + length <= end ? length : 0;
}

function takeHeader(packet: Packet, bytes: Buffer, ip: number): void {
  packet.addressBytes = addressBytes;
  packet.sourceAt = ip + 12;
  packet.destinationAt = ip + 12 + addressBytes;
  packet.protocol = read8(bytes, ip + 9);
}
