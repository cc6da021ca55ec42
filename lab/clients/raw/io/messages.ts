import { memory } from './libc.js';

const headerBytes = 64;
const vectorBytes = 16;

/**
 * An array of `struct mmsghdr`, each with one buffer, as sendmmsg and recvmmsg of 64-bit little-endian Linux want it:
 *
 *     mmsghdr   0 name  8 name length  16 iovec  24 1  32 control  40 control length  48 flags  56 bytes sent or received
 *     iovec     0 address  8 length
 */
export class Messages {
  readonly count: number;
  readonly #base: number;
  readonly #headers: Uint32Array;
  readonly #vectors: Uint32Array;
  /** Keeps the messages' memory from being collected. */
  readonly #memory: Buffer;

  constructor(count: number) {
    this.count = count;
    const { bytes, address } = memory(count * (headerBytes + vectorBytes));
    this.#memory = bytes;
    this.#base = address;
    this.#headers = new Uint32Array(bytes.buffer, 0, (count * headerBytes) / 4);
    this.#vectors = new Uint32Array(bytes.buffer, count * headerBytes, (count * vectorBytes) / 4);
    for (let index = 0; index < count; index += 1) {
      const vector = BigInt(address + count * headerBytes + index * vectorBytes);
      this.#memory.writeBigUInt64LE(vector, index * headerBytes + 16);
      this.#memory.writeBigUInt64LE(1n, index * headerBytes + 24);
    }
  }

  /** The address of the message with this number; the others follow it. */
  addressOf(index: number): number {
    return this.#base + index * headerBytes;
  }

  /** Points a message at these bytes, wherever they are. */
  point(index: number, address: number, length: number): void {
    const at = index * (vectorBytes / 4);
    this.#vectors[at] = address >>> 0;
    this.#vectors[at + 1] = Math.floor(address / 2 ** 32);
    this.#vectors[at + 2] = length;
  }

  /** How many bytes the kernel put into a message. */
  received(index: number): number {
    return this.#headers[index * (headerBytes / 4) + 14] ?? 0;
  }
}
