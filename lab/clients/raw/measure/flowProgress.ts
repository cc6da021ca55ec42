import type { FlowProgress } from '../../../../src/evidence/model/flowTypes.js';

/** How many flows have reached each stage, to be counted up. */
type CountedProgress = { -readonly [Name in keyof FlowProgress]: number };

/** None has reached any. */
export function noProgress(): CountedProgress {
  return {
    opened: 0,
    connected: 0,
    answered: 0,
    closing: 0,
    closed: 0,
    reset: 0,
    refused: 0,
    timedOut: 0,
  };
}
