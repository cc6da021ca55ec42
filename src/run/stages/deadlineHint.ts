import { DeadlineError } from '../../support/wait.js';
import type { Stage } from '../model/labEvents.js';

/** The keys of a scenario's `deadlines` that a stage keeps to. What other stages wait for has fixed, generous bounds. */
const keys: Partial<Readonly<Record<Stage, readonly string[]>>> = {
  ready: ['ready'],
  control: ['drive', 'settle', 'collect'],
  measured: ['drive', 'settle', 'collect'],
};

/** An error as it was; or, where a deadline passed in a stage, one that says which deadlines may be raised, and what else helps a busy machine. */
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
