import { durationText } from '../../src/support/duration.js';
import { medianAndMax } from '../../src/verdict/numbers/medianAndMax.js';

/** The median of at least one time. */
export function medianOf(seconds: readonly number[]): number {
  const found = medianAndMax(seconds);
  if (found === undefined) throw new RangeError('expected at least one time, found none');
  return found.median;
}

/** The median of at least one time, and the least and the most where there are several: `4.1 s (3.9 s to 5.0 s)`. */
export function spreadText(seconds: readonly number[]): string {
  const median = durationText(medianOf(seconds));
  if (seconds.length === 1) return median;
  const ends = [Math.min(...seconds), Math.max(...seconds)].map((each) => durationText(each));
  return `${median} (${ends.join(' to ')})`;
}
