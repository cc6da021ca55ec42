/** Arithmetic of sequence numbers modulo 2^32 (RFC 9293, 3.4); all are 32 bits, signed. */

export function plus(sequence: number, bytes: number): number {
  return (sequence + bytes) | 0;
}

/** How far `to` is behind `from` in the stream; negative: before it. Between -2^31 and 2^31. */
export function distance(from: number, to: number): number {
  return (to - from) | 0;
}
