import type { Step } from '../../contracts/agents/conversation.js';
import type { Fault } from './fault.js';
import type { Transcript } from './transcript.js';
import { StepChecker, type Allowances } from './stepChecker.js';

export interface StepComparison {
  /** Steps that were done. */
  readonly steps: number;
  /** Every step was done. */
  readonly isWhole: boolean;
  readonly fault: Fault | undefined;
}

/**
 * Checks one connection, step by step, against what both sides did by the capture. Only the client's own steps can be at fault, and
 * only when their turn had come: when the server stays silent, the steps behind that are not looked at.
 */
export function compareSteps(
  steps: readonly Step[],
  transcript: Transcript,
  allowances: Allowances,
): StepComparison {
  const checker = new StepChecker(transcript, allowances);
  let done = 0;
  for (const [index, step] of steps.entries()) {
    const ended = checker.take(step, steps.slice(index + 1));
    if (ended !== undefined) return { steps: done, isWhole: false, fault: ended.fault };
    done += 1;
  }
  const fault = checker.afterwards();
  return { steps: done, isWhole: fault === undefined, fault };
}
