import type { Emit, LeftOut } from '../../../run/model/labEvents.js';
import { withTimeLimit } from './deadline.js';
import type { Io } from '../../frame/io.js';
import type { ProgressOption } from '../../options/options.js';
import { reporterFor } from '../../options/reporterFor.js';

/** What runs differently from what somebody may expect; ids of scenarios. */
export interface RunExceptions {
  readonly leftOut: readonly LeftOut[];
  /** `--iptables` does not change them. */
  readonly ownFlavour: readonly string[];
}

/** A run under way: where its events go, and when it is to end. */
export interface RunProgress {
  readonly emit: Emit;
  /** Aborts with the world's signal, and at `--deadline`. */
  readonly signal: AbortSignal;
  /** Leaves the terminal as it was. */
  readonly close: () => void;
}

/** Begins to show a run's progress, first what is an exception, and to measure its time. */
export function beginRun(
  { leftOut, ownFlavour }: RunExceptions,
  { progress, deadline }: ProgressOption & { readonly deadline?: number },
  io: Io,
): RunProgress {
  const reporter = reporterFor(progress, io);
  const limit = withTimeLimit(io.signal, deadline);
  for (const left of leftOut) reporter.emit({ type: 'left-out', ...left });
  if (ownFlavour.length > 0) reporter.emit({ type: 'own-flavour', scenarios: ownFlavour });
  const close = (): void => {
    limit.stop();
    reporter.close();
  };
  const emit: Emit = (event) => {
    io.left.take(event);
    reporter.emit(event);
  };
  return { emit, signal: limit.signal, close };
}
