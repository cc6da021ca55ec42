import type { Step } from '../../contracts/agents/conversation.js';
import type { Fault } from './fault.js';
import type { Transcript } from './transcript.js';
import { StepChecker, type Allowances } from './stepChecker.js';

export interface Followed {
  /** Steps that were done. */
  readonly steps: number;
  /** Every step was done. */
  readonly isWhole: boolean;
  readonly fault: Fault | undefined;
}

/**
 * Follows the steps of one connection (those up to a reopen) through what both sides are seen to have done. Only the client's own
 * steps can be at fault, and only those whose turn had come: where the server's side stays silent, there the conversation ends.
 */
export function follow(steps: readonly Step[], transcript: Transcript, circumstances: Allowances): Followed {
  const walk = new StepChecker(transcript, circumstances);
  let done = 0;
  for (const [index, step] of steps.entries()) {
    const ended = walk.take(step, steps.slice(index + 1));
    if (ended !== undefined) return { steps: done, isWhole: false, fault: ended.fault };
    done += 1;
  }
  const fault = walk.afterwards();
  return { steps: done, isWhole: fault === undefined, fault };
}
