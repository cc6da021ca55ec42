import { LabError } from '../../../support/errors.js';
import { durationText } from '../../../support/duration.js';

/** The run took longer than `--deadline` allows. */
export class DeadlinePassed extends LabError {
  constructor(seconds: number) {
    super(
      `expected the run to end within ${durationText(seconds, 'set')} (--deadline); it was still going on`,
      {
        hint: 'give it more time with --deadline, or go on with what is missing: `lvs-lab run --resume RUNDIR`',
      },
    );
  }
}

/** Makes a signal that aborts when `signal` does, or with DeadlinePassed after `seconds`; `stop` cancels the timer. */
export function withTimeLimit(
  signal: AbortSignal,
  seconds: number | undefined,
): { readonly signal: AbortSignal; readonly stop: () => void } {
  if (seconds === undefined) return { signal, stop: () => undefined };
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new DeadlinePassed(seconds));
  }, seconds * 1000);
  const stop = () => {
    clearTimeout(timer);
  };
  return { signal: AbortSignal.any([signal, controller.signal]), stop };
}
