import type { ToolOutcome } from './toolOutcome.js';

/** The outcome with the middle rate of several; of two in the middle, the faster one. Undefined: there are none. */
export function middleOutcome(outcomes: readonly ToolOutcome[]): ToolOutcome | undefined {
  const byRate = [...outcomes].sort((one, other) => one.packetsPerSecond - other.packetsPerSecond);
  return byRate[Math.floor(byRate.length / 2)];
}
