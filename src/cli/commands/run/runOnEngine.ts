import type { EngineIdentity } from '../../../engine/port/engineIdentity.js';
import { timedName, type MeasuredRun } from '../../../matrix/estimate/runTimes.js';
import type { Share } from '../../../matrix/targets/shard.js';
import { cellOf, type Target } from '../../../matrix/targets/target.js';
import type { EngineRecord } from '../../../run/model/engineRecord.js';
import type { Job } from '../../../run/model/jobs.js';
import type { ScenarioResult } from '../../../run/model/scenarioResult.js';
import { UsageError } from '../../../support/errors.js';
import type { Context } from '../../frame/context.js';
import { keepUntilInterrupted } from '../up/keepUntilInterrupted.js';
import { engineRequest } from '../../options/options.js';
import { pageIn } from '../../results/reports/pages.js';
import { readProvenance } from '../../results/readProvenance.js';
import type { RunOptions } from './runOptions.js';
import { beginRun, type RunExceptions } from './runProgress.js';
import { withEngine } from '../../frame/withEngine.js';

/** Options of `run` that say how its jobs are run. */
export type EngineRunOptions = Pick<
  RunOptions,
  | 'lanes'
  | 'freshControl'
  | 'explain'
  | 'stopOnFailure'
  | 'progress'
  | 'expect'
  | 'engine'
  | 'accel'
  | 'keep'
  | 'deadline'
>;

/** The run that jobs belong to, and where its evidence goes. */
export interface RunRequest extends RunExceptions {
  readonly runId: string;
  readonly directory: string;
  /** In a resumed run: the engine that it had before, and the number of earlier attempts at each target. */
  readonly engine?: EngineIdentity | undefined;
  readonly attempts?: ReadonlyMap<string, number>;
}

/** How far a run got; `error` is what ended it early. */
export interface RunEnd {
  readonly engines: readonly EngineRecord[];
  readonly results: readonly ScenarioResult[];
  readonly error?: unknown;
}

/** Opens an engine, runs the jobs on it and closes it. Never rejects: what ended the run early is the result's `error`. */
export async function runOnEngine(
  { target, jobs }: Share<Job>,
  work: RunRequest,
  options: EngineRunOptions,
  { io, services }: Context,
): Promise<RunEnd> {
  const { runId, directory } = work;
  const { emit, signal, close } = beginRun(work, options, io);
  const common = { runId, emit, signal };
  const { engine: kind, accel } = options;
  const { kernel, image } = target;
  const request = engineRequest({
    engine: kind,
    accel,
    image: image ?? 'auto',
    ...(kernel !== undefined && { kernel }),
  });
  const begun = performance.now();
  const since = (from: number): number => (performance.now() - from) / 1000;
  let identity: EngineIdentity | undefined;
  let results: readonly ScenarioResult[] = [];
  const end = async (error?: { readonly error: unknown }): Promise<RunEnd> => {
    const engines = identity && [{ kernel, image, identity, provenance: await readProvenance(directory) }];
    return { results: withCells(results, target, jobs), engines: engines ?? [], ...error };
  };
  try {
    await withEngine(services, { ...request, ...common, runDirectory: directory }, async (engine) => {
      if (work.engine !== undefined) refuseOtherEngine(work.engine, engine.identity);
      identity = engine.identity;
      const opening = since(begun);
      const ready = performance.now();
      results = await services.runScenarios({
        engine,
        jobs,
        out: directory,
        expect: options.expect,
        lanes: options.lanes,
        freshControl: options.freshControl ?? false,
        explain: options.explain ?? false,
        stopAtFirst: options.stopOnFailure ?? false,
        ...common,
        ...(options.keep
          ? { hold: keepUntilInterrupted(services, { ...common, page: pageIn(directory) }) }
          : {}),
      });
      if (!options.keep && !signal.aborted) {
        const measured = { identity, opening, seconds: since(ready), jobs: timesOf(results, jobs) };
        // Nobody has asked for it, and the results are there.
        await services.times.add(measured).catch(() => undefined);
      }
    });
    // A run that was told to stop may have results; it was told to stop all the same.
    signal.throwIfAborted();
    return await end();
  } catch (error) {
    return await end({ error });
  } finally {
    close();
  }
}

/** The times of jobs that came to a verdict. */
function timesOf(results: readonly ScenarioResult[], jobs: readonly Job[]): MeasuredRun['jobs'] {
  const byName = new Map(jobs.map((job) => [job.name, job.scenario]));
  return results.flatMap(({ job, verdict, seconds, preparationSeconds = 0 }) => {
    const scenario = byName.get(job);
    if (verdict === undefined || scenario === undefined) return [];
    return [{ name: timedName(scenario), seconds, preparationSeconds }];
  });
}

/** Refuses to resume on another kernel, because results of two kernels must not become those of one run. */
function refuseOtherEngine(before: EngineIdentity, now: EngineIdentity): void {
  const words = ({ kind, kernel }: EngineIdentity): string => `${kind}, kernel ${kernel}`;
  if (words(before) === words(now)) return;
  throw new UsageError(
    `expected the engine that the run had before (${words(before)}) with --resume, found another (${words(now)})`,
    { hint: 'start a new run, and see what differs: `lvs-lab compare A B`' },
  );
}

/** Adds to each result the kernel, image and iptables that were asked for, if any were. */
function withCells(
  results: readonly ScenarioResult[],
  target: Target,
  jobs: readonly Job[],
): readonly ScenarioResult[] {
  const byName = new Map(jobs.map((job) => [job.name, job]));
  return results.map((result) => {
    const cell = cellOf(target, { iptables: byName.get(result.job)?.iptables });
    return Object.values(cell).every((asked) => asked === undefined) ? result : { ...result, cell };
  });
}
