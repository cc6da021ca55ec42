import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Request } from './requests.js';

const zeros = Buffer.alloc(65_536);
const stepMilliseconds = 100;

interface Sending {
  /** Body bytes per second, sent in steps of 100 ms; 0: as fast as the kernel takes them. */
  readonly rate: number;
  /** Called with the number of bytes that the kernel has taken since the last call. */
  readonly sent: (bytes: number) => void;
  /** Called after the last write, in the same turn of the event loop. */
  readonly written: () => void;
}

/**
 * Writes a request and its body, no more than the kernel takes. Resolves when all is written, or when the socket takes no
 * more because it was ended or destroyed.
 */
export async function send(socket: Socket, { head, bodyBytes }: Request, sending: Sending): Promise<void> {
  const headTaken = write(socket, Buffer.from(head), sending);
  if (bodyBytes === 0) sending.written();
  await headTaken;
  const startedAt = performance.now();
  let begun = 0;
  while (begun < bodyBytes && socket.writable) {
    const size = Math.min(bodyBytes, allowance(sending.rate, performance.now() - startedAt)) - begun;
    if (size <= 0) {
      await delay(stepMilliseconds);
      continue;
    }
    const chunk = zeros.subarray(0, size);
    begun += chunk.length;
    const taken = write(socket, chunk, sending);
    if (begun === bodyBytes) sending.written();
    await taken;
  }
}

/** How many body bytes may have been sent this many milliseconds after the first: a whole number of steps, at least one. */
function allowance(rate: number, milliseconds: number): number {
  if (rate === 0) return Infinity;
  const steps = Math.floor(milliseconds / stepMilliseconds) + 1;
  return Math.floor((rate * steps * stepMilliseconds) / 1000);
}

/** Resolves when the kernel has taken the chunk, or never will. */
function write(socket: Socket, chunk: Buffer, { sent }: Sending): Promise<void> {
  return new Promise((resolve) => {
    socket.write(chunk, (error) => {
      if (!error) sent(chunk.length);
      resolve();
    });
  });
}
