import { LabError } from '../support/errors.js';

/** A signal that aborts when `signal` does, or with a LabError after `seconds`; `stop` ends the waiting. */
export function withTimeLimit(
  signal: AbortSignal,
  seconds: number | undefined,
): { readonly signal: AbortSignal; readonly stop: () => void } {
  if (seconds === undefined) return { signal, stop: () => undefined };
  const controller = new AbortController();
  const timer = setTimeout(() => {
    const hint = 'give it more time with --deadline, or see where it stood above';
    controller.abort(
      new LabError(`expected the run to end within ${seconds} s (--deadline); it was still going on`, {
        hint,
      }),
    );
  }, seconds * 1000);
  const stop = () => {
    clearTimeout(timer);
  };
  return { signal: AbortSignal.any([signal, controller.signal]), stop };
}
