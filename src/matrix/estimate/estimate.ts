import type { AcceleratorChoice, EngineChoice } from '../../contracts/words/engines.js';
import type { Estimate } from '../../run/model/labEvents.js';
import type { Job } from '../../run/model/jobs.js';
import type { Share } from '../targets/shard.js';
import { timedName, type EngineTimes, type JobTimes, type RunTimes } from './runTimes.js';

/** Where a run will be, so far as that is known before an engine is open. */
export interface RunConditions {
  readonly engine: EngineChoice;
  readonly accel: AcceleratorChoice;
  /** How many targets run at a time. */
  readonly atOnce: number;
}

/** What is known of a share's jobs before they are run. */
interface EstimatedShare {
  readonly target: Pick<Share<Job>['target'], 'kernel'>;
  readonly jobs: readonly Pick<Job, 'scenario'>[];
}

/** The recorded times of the engine that a run probably gets: of those that it may be, the one that was used last. */
export function timesFor(
  { engines }: RunTimes,
  { engine, accel }: Pick<RunConditions, 'engine' | 'accel'>,
): EngineTimes | undefined {
  return engines
    .filter(({ kind }) => engine === 'auto' || kind === engine)
    .filter(({ accelerator }) => accel === 'auto' || accelerator === accel)
    .toSorted((one, other) => other.at.localeCompare(one.at))[0];
}

/** How long jobs will probably take, by how long they took before. Jobs that were never run here are taken for average ones. */
export function estimateOf(
  shares: readonly EstimatedShare[],
  times: RunTimes,
  where: RunConditions,
): Estimate {
  const jobs = shares.flatMap((share) => share.jobs);
  const counts = {
    scenarios: new Set(jobs.map(({ scenario }) => scenario.id)).size,
    jobs: jobs.length,
  };
  const onKernel = shares.some(({ target }) => target.kernel !== undefined);
  const known = timesFor(times, { ...where, engine: onKernel ? 'vm' : where.engine });
  const timesOf = (all: EstimatedShare['jobs']): readonly JobTimes[] =>
    all.flatMap(({ scenario }) => known?.jobs[timedName(scenario)] ?? []);
  const found = timesOf(jobs);
  const unknown = jobs.length - found.length;
  if (known === undefined || found.length === 0) return { ...counts, unknown };
  const average = sum(found.map(({ added }) => added)) / found.length;
  const inAll = shares.map((share) => {
    const own = timesOf(share.jobs);
    const added = sum(own.map((job) => job.added)) + average * (share.jobs.length - own.length);
    // Side by side or not, a run is not over before its longest job.
    return known.opening + Math.max(added, ...own.map(({ seconds }) => seconds));
  });
  return { ...counts, unknown, seconds: Math.round(sum(inAll) / Math.min(where.atOnce, shares.length)) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
