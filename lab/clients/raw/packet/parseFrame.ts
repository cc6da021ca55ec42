import { read16 } from './bytes.js';
import { FrameKind, type Packet } from './packet.js';
import { parseIpv4 } from './parseIpv4.js';
import { parseIpv6 } from './parseIpv6.js';

const ethernetBytes = 14;
const etherTypeIpv4 = 0x0800;
const etherTypeIpv6 = 0x86dd;
const vlanTag = 0x8100;
const vlanTagBytes = 4;

/**
 * Reads a frame of `length` bytes at `offset` into `packet`, whatever it holds; never throws. `length` may be less than the IP header
 * says. Checksums are not looked at: on veth interfaces they are left to hardware that is not there.
 */
export function parseFrame(packet: Packet, bytes: Buffer, offset: number, length: number): FrameKind {
  packet.bytes = bytes;
  const end = Math.min(offset + length, bytes.length);
  let ip = offset + ethernetBytes;
  if (ip > end) return FrameKind.malformed;
  let etherType = read16(bytes, ip - 2);
  if (etherType === vlanTag) {
    ip += vlanTagBytes;
    if (ip > end) return FrameKind.malformed;
    etherType = read16(bytes, ip - 2);
  }
  if (etherType === etherTypeIpv4) return parseIpv4(packet, bytes, ip, end);
  if (etherType === etherTypeIpv6) return parseIpv6(packet, bytes, ip, end);
  return FrameKind.other;
}
