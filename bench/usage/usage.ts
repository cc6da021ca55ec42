import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { markVariable, watchMarked } from './markedProcesses.js';
import { processTimesIn } from './processTimes.js';

/** What a command took. */
export const usageSchema = z.object({
  /** By the clock. */
  seconds: z.number(),
  /** Of processors, of all its processes together: those of QEMU are most of it. */
  cpuSeconds: z.number(),
});

export type Usage = Readonly<z.infer<typeof usageSchema>>;

/**
 * Does work that runs commands to their end, with these variables in their environment, and measures what it takes. The kernel gives a
 * process the times of its children when it waits for them: this process has those of a command, and a command those of its QEMU. A QEMU
 * whose parent goes before it would be lost, so all processes are also looked at while they run. Neither can find too much, and the larger
 * one counts.
 */
export async function usageOf<T>(
  work: (variables: Readonly<Record<string, string>>) => Promise<T>,
): Promise<{ readonly value: T; readonly usage: Usage }> {
  const mark = randomUUID();
  const watch = watchMarked(mark);
  const [start, before] = [performance.now(), childrenSeconds()];
  try {
    const value = await work({ [markVariable]: mark });
    const seconds = (performance.now() - start) / 1000;
    const waitedFor = childrenSeconds() - before;
    return { value, usage: { seconds, cpuSeconds: Math.max(waitedFor, watch.stop()) } };
  } finally {
    watch.stop();
  }
}

function childrenSeconds(): number {
  return processTimesIn(readFileSync('/proc/self/stat', 'utf8')).children;
}
