import { Timings } from '../../../../bench/timings/timings.js';

/** Timings of these names. */
export function timings(seconds: Readonly<Record<string, number>>): Timings {
  const made = new Timings();
  for (const [name, each] of Object.entries(seconds)) made.add(name, each);
  return made;
}
