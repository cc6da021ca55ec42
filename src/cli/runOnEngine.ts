import type { EngineIdentity } from '../engine/port.js';
import type { Job } from '../run/jobs.js';
import type { ScenarioResult } from '../run/result.js';
import type { Context } from './context.js';
import { withTimeLimit } from './deadline.js';
import { keepUntilInterrupted } from './hold/keep.js';
import {
  engineRequest,
  type EngineOptions,
  type ExpectOption,
  type LaneOptions,
  type ProgressOption,
} from './options.js';
import { reporterFor } from './progress.js';
import { withEngine } from './withEngine.js';

/** Options of `run` that say how its jobs are run, as commander parses them. */
export interface EngineRunOptions extends EngineOptions, LaneOptions, ProgressOption, ExpectOption {
  readonly keep?: boolean;
  /** Seconds. */
  readonly deadline?: number;
}

/** What to run, and where its evidence goes. */
interface Work {
  readonly jobs: readonly Job[];
  readonly runId: string;
  readonly directory: string;
}

/** How far a run came: `error` is what ended it early. */
export interface RunEnd {
  readonly engine?: EngineIdentity;
  readonly results: readonly ScenarioResult[];
  readonly error?: unknown;
}

/** Opens an engine, runs the jobs on it and closes it. Does not reject: what ended the run early is in the result. */
export async function runOnEngine(
  { jobs, runId, directory }: Work,
  options: EngineRunOptions,
  { io, services }: Context,
): Promise<RunEnd> {
  const reporter = reporterFor(options.progress, io);
  const limit = withTimeLimit(io.signal, options.deadline);
  const common = { runId, emit: reporter.emit, signal: limit.signal };
  let engineIdentity: EngineIdentity | undefined;
  let results: readonly ScenarioResult[] = [];
  try {
    await withEngine(
      services,
      { ...engineRequest(options), ...common, runDirectory: directory },
      async (engine) => {
        engineIdentity = engine.identity;
        results = await services.runScenarios({
          engine,
          jobs,
          out: directory,
          expect: options.expect,
          lanes: options.lanes,
          isolate: options.isolate ?? false,
          stopAtFirst: options.stopOnFailure ?? false,
          ...common,
          ...(options.keep ? { hold: keepUntilInterrupted(services, engine, common) } : {}),
        });
      },
    );
    // A run that was told to stop may have results; it was told to stop all the same.
    limit.signal.throwIfAborted();
    return { results, ...(engineIdentity && { engine: engineIdentity }) };
  } catch (error) {
    return { results, error, ...(engineIdentity && { engine: engineIdentity }) };
  } finally {
    limit.stop();
    reporter.close();
  }
}
