/**
 * Big-endian numbers in a buffer, without the exceptions of Buffer's own methods: what is read beyond its end is 0. 32 bits are
 * read as a signed number, which the JavaScript engine need not put on its heap.
 */

export function read8(bytes: Buffer, at: number): number {
  return bytes[at] ?? 0;
}

export function read16(bytes: Buffer, at: number): number {
  return (read8(bytes, at) << 8) | read8(bytes, at + 1);
}

export function read32(bytes: Buffer, at: number): number {
  return (read16(bytes, at) << 16) | read16(bytes, at + 2);
}

export function write16(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

export function write32(bytes: Buffer, at: number, value: number): void {
  write16(bytes, at, value >>> 16);
  write16(bytes, at + 2, value);
}
