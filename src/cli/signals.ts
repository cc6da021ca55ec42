import type { ExitCode } from '../support/errors.js';
import { Interruption } from './frame/interruption.js';

const watched = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Watched = (typeof watched)[number];

/** What tells of signals: the process. */
export interface SignalSource {
  on(signal: Watched, listener: (signal: Watched) => void): unknown;
}

/** A terminal, npm and the bootstrap script may each deliver one and the same Ctrl-C. */
const sameWithinMs = 1000;

/**
 * The first signal aborts the returned AbortSignal, and cleanup begins; `insisted` is called when one comes again later, by
 * somebody who does not want to wait for that.
 */
export function watchSignals(
  source: SignalSource,
  insisted: (exitCode: ExitCode) => void,
  now: () => number = () => performance.now(),
): AbortSignal {
  const controller = new AbortController();
  let first: number | undefined;
  for (const signal of watched) {
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
