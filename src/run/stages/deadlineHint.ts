import type { DeadlineKey } from '../../scenario/model/deadlineKeys.js';
import { DeadlineError } from '../../support/wait.js';
import type { Stage } from '../model/labEvents.js';

/** The keys that both phases use. */
const ofPhases: readonly DeadlineKey[] = ['drive', 'settle', 'collect'];

/** For each stage, the keys of a scenario's `deadlines` that it uses. Waits in other stages have limits of their own, counted by the machine's pace (support/patience). */
const keys: Partial<Readonly<Record<Stage, readonly DeadlineKey[]>>> = {
  ready: ['ready'],
  control: ofPhases,
  measured: ofPhases,
};

/**
 * Adds a hint to the error when a deadline passed in a stage: which deadlines can be raised, and what else helps on a busy machine. Returns
 * any other error unchanged.
 */
export function withDeadlineHint(error: unknown, stage: Stage): unknown {
  if (!(error instanceof DeadlineError) || error.hint !== undefined) return error;
  const raise = (keys[stage] ?? []).map((key) => `\`deadlines.${key}\``);
  const more = raise.length === 0 ? '' : `, or raise ${raise.join(', ')} in the scenario`;
  return new DeadlineError(error.message, {
    hint: `Where the machine is busy or slow, run fewer labs at a time (\`--lanes 1\`)${more}.`,
    ...(error.details === undefined ? {} : { details: error.details }),
    cause: error.cause,
  });
}
