import { performance } from 'node:perf_hooks';
import type { FrameQueue } from '../packet/contracts.js';
import { memory } from './libc.js';
import { Messages } from './messages.js';
import type { PacketSocket } from './packetSocket.js';

const batch = 128;
const longestFrame = 1514;
/** Frames begin at multiples of this many bytes, so that no two share a cache line. */
const alignment = 64;
/** Milliseconds that one batch may wait for room in the kernel before its frames are given up. */
const patienceMilliseconds = 50;
/** Errors that pass: there is no room at the moment. Linux reports ENOBUFS also when the interface's queue was full and it dropped the frame. */
const passing = ['EAGAIN', 'ENOBUFS', 'EINTR', 'ENOMEM'];

/** Collects frames and hands them over to the kernel, many with each call. */
export class FrameSender implements FrameQueue {
  readonly bytes: Buffer;
  readonly #address: number;
  readonly #socket: Pick<PacketSocket, 'send' | 'waitForRoom'>;
  readonly #messages = new Messages(batch);
  readonly #errors: Record<string, number> = {};
  #count = 0;
  #end = 0;

  constructor(socket: Pick<PacketSocket, 'send' | 'waitForRoom'>) {
    this.#socket = socket;
    const { bytes, address } = memory(batch * (Math.ceil(longestFrame / alignment) * alignment));
    this.bytes = bytes;
    this.#address = address;
  }

  reserve(): number {
    if (this.#count === batch) this.flush();
    return this.#end;
  }

  commit(length: number): void {
    this.#messages.point(this.#count, this.#address + this.#end, length);
    this.#count += 1;
    this.#end += Math.ceil(length / alignment) * alignment;
  }

  /** Hands the collected frames to the kernel; returns whether there were any. Waits a little when the kernel has no room, then gives frames up. */
  flush(): boolean {
    const count = this.#count;
    if (count === 0) return false;
    this.#count = 0;
    this.#end = 0;
    let sent = 0;
    let deadline: number | undefined;
    while (sent < count) {
      const result = this.#socket.send(this.#messages, sent, count - sent);
      sent += result.sent;
      if (result.error === undefined) continue;
      deadline ??= performance.now() + patienceMilliseconds;
      if (passing.includes(result.error) && performance.now() < deadline) {
        // A full queue does not show in poll(): that returns at once, and the attempt is made again.
        this.#socket.waitForRoom(1);
        continue;
      }
      this.#errors[result.error] = (this.#errors[result.error] ?? 0) + 1;
      sent += 1;
    }
    return true;
  }

  /** For each errno name, how many frames were given up. */
  get errors(): Readonly<Record<string, number>> {
    return { ...this.#errors };
  }
}
