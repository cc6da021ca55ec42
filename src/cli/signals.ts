import { endingSignals, type EndingSignal } from '../contracts/words/processSignals.js';
import type { ExitCode } from '../support/errors.js';
import { Interruption } from './frame/interruption.js';

/** Tells when the process receives a signal. */
export interface SignalSource {
  on(signal: EndingSignal, listener: (signal: EndingSignal) => void): unknown;
}

/** Milliseconds in which a second signal counts as the same one: a terminal, npm and the bootstrap script may each deliver one Ctrl-C. */
const sameWithinMs = 1000;

/**
 * Watches for signals. The first aborts the returned AbortSignal, and cleanup begins. A later one calls `insisted`: the user does not want
 * to wait for the cleanup.
 */
export function watchSignals(
  source: SignalSource,
  insisted: (exitCode: ExitCode) => void,
  now: () => number = () => performance.now(),
): AbortSignal {
  const controller = new AbortController();
  let first: number | undefined;
  for (const signal of endingSignals) {
    source.on(signal, () => {
      const interruption = new Interruption(signal);
      if (first === undefined) {
        first = now();
        controller.abort(interruption);
      } else if (now() - first > sameWithinMs) insisted(interruption.exitCode);
    });
  }
  return controller.signal;
}
