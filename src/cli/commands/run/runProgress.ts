import { setMaxListeners } from 'node:events';
import type { Emit, Estimate, SkippedScenarios } from '../../../run/model/labEvents.js';
import { withTimeLimit } from './deadline.js';
import type { Io } from '../../frame/io.js';
import type { ProgressOption } from '../../options/options.js';
import { reporterFor } from '../../options/reporterFor.js';

/** What the user is told of a run before it begins: exceptions to what may be expected of it, each with ids of scenarios, and how long it takes. */
export interface RunExceptions {
  readonly leftOut: readonly SkippedScenarios[];
  /** Scenarios that `--iptables` does not change, because they are about a flavour themselves. */
  readonly ownFlavour: readonly string[];
  /** How long it will take; undefined: whoever started this process has said so. */
  readonly estimate?: Estimate | undefined;
}

/** A run in progress: where its events go, and when it has to end. */
export interface RunProgress {
  readonly emit: Emit;
  /** Aborts when the user interrupts the command, and at `--deadline`. */
  readonly signal: AbortSignal;
  /** Stops showing progress and leaves the terminal as it was. */
  readonly close: () => void;
}

/** Begins to show a run's progress, exceptions first, and starts its deadline. */
export function beginRun(
  { leftOut, ownFlavour, estimate }: RunExceptions,
  { progress, deadline }: ProgressOption & { readonly deadline?: number },
  io: Io,
): RunProgress {
  const reporter = reporterFor(progress, io);
  const limit = withTimeLimit(io.signal, deadline);
  // Each lab that is up waits for it in several places: with three of them Node would warn of a leak.
  setMaxListeners(0, limit.signal);
  for (const left of leftOut) reporter.emit({ type: 'left-out', ...left });
  if (ownFlavour.length > 0) reporter.emit({ type: 'own-flavour', scenarios: ownFlavour });
  if (estimate !== undefined) reporter.emit({ type: 'estimated', ...estimate });
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
