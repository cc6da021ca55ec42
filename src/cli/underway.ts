import type { Emit } from '../run/events.js';
import { withTimeLimit } from './deadline.js';
import type { Io } from './io.js';
import type { ProgressOption } from './options.js';
import { reporterFor } from './progress.js';

/** What runs differently from what somebody may expect; ids of scenarios. */
export interface Exceptions {
  /** Would run if they were named. */
  readonly leftOut: readonly string[];
  /** `--iptables` does not change them. */
  readonly ownFlavour: readonly string[];
}

/** A run under way: where its events go, and when it is to end. */
export interface Underway {
  readonly emit: Emit;
  /** Aborts with the world's signal, and at `--deadline`. */
  readonly signal: AbortSignal;
  /** Leaves the terminal as it was. */
  readonly close: () => void;
}

/** Begins to show a run's progress, first what is an exception, and to measure its time. */
export function beginRun(
  { leftOut, ownFlavour }: Exceptions,
  { progress, deadline }: ProgressOption & { readonly deadline?: number },
  io: Io,
): Underway {
  const reporter = reporterFor(progress, io);
  const limit = withTimeLimit(io.signal, deadline);
  if (leftOut.length > 0) reporter.emit({ type: 'left-out', scenarios: leftOut });
  if (ownFlavour.length > 0) reporter.emit({ type: 'own-flavour', scenarios: ownFlavour });
  const close = (): void => {
    limit.stop();
    reporter.close();
  };
  return { emit: reporter.emit, signal: limit.signal, close };
}
