import type { PhaseFinding } from '../model/verdict.js';

/** How many connections show what became of the measured ones: one, or as many as there were where they fared differently or hindered each other. */
export function connectionsToTrace({ outcome, numbers }: PhaseFinding, requested: number): number {
  const fates = Object.values(numbers.fates).filter((count) => count > 0);
  return fates.length === 1 && outcome !== 'ports-exhausted' ? 1 : requested;
}
