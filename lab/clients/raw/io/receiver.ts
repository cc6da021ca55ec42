import { performance } from 'node:perf_hooks';
import { memory } from './libc.js';
import { Messages } from './messages.js';
import type { PacketSocket } from './packetSocket.js';

const batch = 128;
/** The most bytes of a frame that are kept. A frame that segmentation offload made longer than the MTU is cut off. */
export const keptBytes = 2048;
/** Bytes between two frames in memory. Not a power of two, because the heads of all frames would then share a few lines of the processor's cache. */
const slotBytes = keptBytes + 64;

/** Takes frames from the kernel, many with each call. */
export class Receiver {
  readonly #socket: PacketSocket;
  readonly #messages = new Messages(batch);
  readonly #bytes: Buffer;

  constructor(socket: PacketSocket) {
    this.#socket = socket;
    const { bytes, address } = memory(batch * slotBytes);
    this.#bytes = bytes;
    for (let index = 0; index < batch; index += 1) {
      this.#messages.point(index, address + index * slotBytes, keptBytes);
    }
  }

  /**
   * Hands up to one batch of frames to `take`, with the time in milliseconds; how many there were. The clock is read when the
   * kernel has handed them over: by an earlier time a frame would have come before it did, and what waits from then on would be early.
   */
  receive(take: (bytes: Buffer, offset: number, length: number, now: number) => void): number {
    const count = this.#socket.receive(this.#messages);
    const now = performance.now();
    for (let index = 0; index < count; index += 1) {
      take(this.#bytes, index * slotBytes, this.#messages.received(index), now);
    }
    return count;
  }
}
