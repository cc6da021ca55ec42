import { resultOf } from '../../../report/results/resultKind.js';
import { cellOf } from '../../../matrix/targets/target.js';
import type { Share } from '../../../matrix/targets/shard.js';
import { jobDirectory, jobFacts, type Job } from '../../../run/model/jobs.js';
import type { NotRunReason } from '../../../run/model/notRun.js';
import type { ScenarioResult } from '../../../run/model/scenarioResult.js';
import { DeadlinePassed } from './deadline.js';
import { Interruption } from '../../frame/interruption.js';
import type { RunEnd } from './runOnEngine.js';

/** The jobs that a run was asked for, and the options that explain why some did not start. */
export interface RequestedRun {
  readonly shares: readonly Share<Job>[];
  /** The run's directory, as an absolute path. */
  readonly directory: string;
  readonly stopOnFailure: boolean | undefined;
}

/** A result for every job that was asked for, in that order: those that were never started say why. */
export function accountForAll(
  { shares, directory, stopOnFailure }: RequestedRun,
  ended: RunEnd,
): ScenarioResult[] {
  const known = new Map(ended.results.map((result) => [keyOf(result.job, result.cell), result]));
  const notRun = reasonFor(ended, stopOnFailure ?? false);
  return shares.flatMap(({ target, jobs }) =>
    jobs.map((job) => {
      const cell = cellOf(target, job);
      return known.get(keyOf(job.name, cell)) ?? notRunResult(job, { cell, directory, notRun });
    }),
  );
}

/** The result of a job that was never started. */
export function notRunResult(
  job: Job,
  {
    cell,
    directory,
    notRun,
  }: Required<Pick<ScenarioResult, 'cell' | 'directory'>> & { notRun: NotRunReason },
): ScenarioResult {
  const isAsked = Object.values(cell ?? {}).some((asked) => asked !== undefined);
  return {
    ...jobFacts(job),
    directory: jobDirectory(directory, job.name),
    seconds: 0,
    notRun,
    ...(isAsked ? { cell } : {}),
  };
}

function reasonFor(ended: RunEnd, stopOnFailure: boolean): NotRunReason {
  if (ended.error instanceof Interruption) return 'interrupted';
  if (ended.error instanceof DeadlinePassed) return 'deadline';
  if (stopOnFailure && ended.results.some((result) => resultOf(result) !== 'pass')) return 'stopped';
  return 'error' in ended && ended.engines.length === 0 ? 'no-engine' : 'ended-early';
}

/** Identifies a job in a run: job names are unique on each kernel and image. */
function keyOf(job: string, cell: ScenarioResult['cell']): string {
  return JSON.stringify([cell?.kernel, cell?.image, job]);
}
