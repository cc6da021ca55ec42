import { countText } from '../../report/text/countText.js';
import type { EngineRecord } from '../../run/model/engineRecord.js';
import type { Emit } from '../../run/model/labEvents.js';
import type { Job } from '../../run/model/jobs.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { LabError } from '../../support/errors.js';
import { attemptAt, type Attempt } from './attempt.js';
import { underTarget } from './childEvents.js';
import { resultFor } from './childWatch.js';
import type { AttemptEnd } from './runAttempt.js';
import type { Share } from '../targets/shard.js';

export interface TargetOptions {
  /** The matrix's directory. */
  readonly out: string;
  /** Start no further job after one that did not pass. */
  readonly stopAtFirst: boolean;
  readonly makeAttempt: (attempt: Attempt) => Promise<AttemptEnd>;
  /** How many attempts at the target there were before, in a run that is gone on with. */
  readonly attemptsBefore: (target: string) => number;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

export interface TargetEnd {
  /** Results in the order of the jobs. A job without one was never started, after an abort or a job that did not pass. */
  readonly results: readonly ScenarioResult[];
  readonly engines: readonly EngineRecord[];
  /** What went wrong although every job has a result. */
  readonly error: LabError | undefined;
}

/**
 * Runs a target's jobs in a child process, and those that are left when it ends early (a VM that was lost, a child that was killed) in
 * another one. When an attempt finishes no job at all, there is no further one, and the jobs that are left broke for its reason. So there are
 * never more attempts than jobs. Does not reject.
 */
export async function runTarget({ target, jobs }: Share<Job>, options: TargetOptions): Promise<TargetEnd> {
  const { out, emit, signal, stopAtFirst } = options;
  const note = (message: string): void => {
    emit({ type: 'engine-note', message: underTarget(target.name, message) });
  };
  const results = new Map<string, ScenarioResult>();
  const engines: EngineRecord[] = [];
  const end = (error?: LabError): TargetEnd => ({
    results: jobs.flatMap(({ name }) => results.get(name) ?? []),
    engines,
    error,
  });
  const isOver = (): boolean => signal.aborted;
  for (let number = options.attemptsBefore(target.name) + 1; !isOver(); number++) {
    const left = jobs.filter(({ name }) => !results.has(name));
    const attempt = attemptAt(target, number, left, out);
    const ended = await options.makeAttempt(attempt).catch(nothingCameOf);
    for (const result of ended.results) results.set(result.job, result);
    engines.push(...ended.engines);
    const missing = left.filter(({ name }) => !results.has(name));
    if (missing.length === 0) return end(ended.error && named(target.name, ended.error));
    if (isOver() || (stopAtFirst && hasNotPassed(ended))) return end();
    const why = ended.error?.message ?? 'it ended early';
    if (ended.results.length === 0) {
      note(`broke, ${countText(missing.length, 'job')} with it: ${why}`);
      const error =
        ended.error ?? named(target.name, new Error('its process ended before any job was started'));
      for (const job of missing) {
        results.set(job.name, resultFor(job, attempt, { directory: attempt.directory, seconds: 0, error }));
      }
      return end();
    }
    note(`${why}; left for a new process: ${countText(missing.length, 'job')}`);
  }
  return end();
}

function nothingCameOf(reason: unknown): AttemptEnd {
  return { results: [], engines: [], error: reason instanceof Error ? reason : new Error(String(reason)) };
}

function hasNotPassed({ results }: AttemptEnd): boolean {
  return results.some(({ verdict }) => verdict?.result !== 'pass');
}

function named(target: string, cause: Error): LabError {
  return new LabError(underTarget(target, cause.message), { cause });
}
