import { read16, read8 } from './bytes.js';
import { isIcmpv6Error } from './icmpTypes.js';
import { FrameKind, type Packet } from './packet.js';
import { parseDatagram, protocolUdp } from './parseDatagram.js';
import { icmpHeaderBytes, parseQuote, protocolTcp, takeIcmp } from './parseIcmp.js';
import { parseSegment } from './parseSegment.js';

const headerBytes = 40;
const addressBytes = 16;
const protocolIcmpv6 = 58;
const hopByHop = 0;
const routing = 43;
const fragment = 44;
const destinationOptions = 60;

/** Reads the IPv6 packet whose header begins at `ip`, in a frame that ends before `end`. */
export function parseIpv6(packet: Packet, bytes: Buffer, ip: number, end: number): FrameKind {
  if (!isHeader(bytes, ip, end)) return FrameKind.malformed;
  const length = read16(bytes, ip + 4);
  // A jumbogram has its length in an option.
  if (length === 0) return FrameKind.malformed;
  const packetEnd = ip + headerBytes + length;
  const kept = Math.min(end, packetEnd);
  const above = takeHeader(packet, bytes, ip, kept);
  if (above === 0) return FrameKind.malformed;
  packet.lengthAboveIp = packetEnd - above;
  if (packet.protocol === protocolTcp) return parseSegment(packet, bytes, above, kept);
  if (packet.protocol === protocolUdp) return parseDatagram(packet, bytes, above, kept);
  if (packet.protocol !== protocolIcmpv6) return FrameKind.other;
  if (above + icmpHeaderBytes > kept) return FrameKind.malformed;
  takeIcmp(packet, bytes, above);
  if (!isIcmpv6Error(packet.icmpType)) return FrameKind.other;
  const quoted = above + icmpHeaderBytes;
  if (!isHeader(bytes, quoted, kept)) return FrameKind.malformed;
  const quotedAbove = takeHeader(packet, bytes, quoted, kept);
  return quotedAbove === 0 ? FrameKind.malformed : parseQuote(packet, bytes, quotedAbove, kept);
}

function isHeader(bytes: Buffer, ip: number, end: number): boolean {
  return ip + headerBytes <= end && read8(bytes, ip) >>> 4 === 6;
}

/**
 * Returns where the protocol above IPv6 begins, after the extension headers; 0: the packet is cut off or a fragment. A header that is not a
 * known extension is taken for that protocol.
 */
function takeHeader(packet: Packet, bytes: Buffer, ip: number, end: number): number {
  packet.addressBytes = addressBytes;
  packet.sourceAt = ip + 8;
  packet.destinationAt = ip + 8 + addressBytes;
  let protocol = read8(bytes, ip + 6);
  let above = ip + headerBytes;
  for (;;) {
    const isSkipped = protocol === hopByHop || protocol === routing || protocol === destinationOptions;
    if (!isSkipped && protocol !== fragment) break;
    if (above + 8 > end) return 0;
    // All of a packet may come as its only fragment (RFC 6946).
    if (protocol === fragment && (read16(bytes, above + 2) & 0xfff9) !== 0) return 0;
    const length = isSkipped ? (read8(bytes, above + 1) + 1) * 8 : 8;
    protocol = read8(bytes, above);
    above += length;
    if (above > end) return 0;
  }
  packet.protocol = protocol;
  return above;
}
