import type { MedianAndMax } from '../model/verdict.js';

/** Median and maximum of the times that are known; undefined when none is. */
export function medianAndMax(times: readonly (number | undefined)[]): MedianAndMax | undefined {
  const known = times.filter((time) => time !== undefined).sort((one, other) => one - other);
  const max = known.at(-1);
  const upper = known[Math.floor(known.length / 2)];
  const lower = known[Math.floor((known.length - 1) / 2)];
  if (max === undefined || upper === undefined || lower === undefined) return undefined;
  return { median: (lower + upper) / 2, max };
}
