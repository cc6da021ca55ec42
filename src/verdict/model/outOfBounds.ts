import type { Bounds } from '../../scenario/model/expectation.js';

/** `less than the 0.9 s expected`, or `more than`; undefined when the value is within the bounds, or nothing bounds it. */
export function outOfBounds(
  { atLeast = -Infinity, atMost = Infinity }: Bounds,
  value: number,
  format: (value: number) => string = String,
): string | undefined {
  if (value < atLeast) return `less than the ${format(atLeast)} expected`;
  if (value > atMost) return `more than the ${format(atMost)} expected`;
  return undefined;
}
