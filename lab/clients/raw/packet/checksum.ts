import { read16, read8 } from './bytes.js';

/**
 * Sum of the 16-bit words from `from` to before `to`, not folded yet; an odd last byte is the upper half of a word. Sums of parts of a
 * packet may be added up in any order, as long as each part begins at an even distance from the packet's start.
 */
export function sumOf(bytes: Buffer, from: number, to: number): number {
  let sum = 0;
  let at = from;
  for (; at + 1 < to; at += 2) sum += read16(bytes, at);
  return at < to ? sum + (read8(bytes, at) << 8) : sum;
}

/** The sum of the two words of 32 bits. */
export function sumOf32(value: number): number {
  return (value >>> 16) + (value & 0xffff);
}

/** RFC 1071: a sum of words below 2^32, folded to 16 bits and complemented. */
export function checksumOf(sum: number): number {
  const folded = (sum & 0xffff) + (sum >>> 16);
  return ~(folded + (folded >>> 16)) & 0xffff;
}
