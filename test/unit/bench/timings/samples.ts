import type { ReproRun } from '../../../../bench/timings/reproResult.js';
import { Timings } from '../../../../bench/timings/timings.js';

/** Timings of these names. */
export function timings(seconds: Readonly<Record<string, number>>): Timings {
  const made = new Timings();
  for (const [name, each] of Object.entries(seconds)) made.add(name, each);
  return made;
}

/** A run of `npm run repro`, with nothing beside it. */
export function reproRun(some: Partial<ReproRun>): ReproRun {
  return { start: 'warm', busyLoops: 0, seconds: 15, cpuSeconds: 20, phases: {}, ...some };
}
