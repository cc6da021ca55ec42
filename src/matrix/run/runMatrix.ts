import pLimit from 'p-limit';
import type { EngineRecord } from '../../run/model/engineRecord.js';
import type { Job } from '../../run/model/jobs.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { underTarget } from './childEvents.js';
import { longestFirst } from './longestFirst.js';
import { runTarget, type TargetEnd, type TargetOptions } from './runTarget.js';
import type { Share } from '../targets/shard.js';

export interface MatrixRequest extends TargetOptions {
  readonly runId: string;
  readonly shares: readonly Share<Job>[];
  /** How many targets run at the same time. */
  readonly atOnce: number;
}

/** How far a matrix got. */
export interface MatrixEnd {
  /** Results in the order of the targets, and of each target's jobs. */
  readonly results: readonly ScenarioResult[];
  readonly engines: readonly EngineRecord[];
  /** The error that ended it early; undefined: none. */
  readonly error: unknown;
}

/**
 * Runs the jobs of every target, each target in a child process, several at a time. An error on one target does not affect the others.
 * Never rejects.
 */
export async function runMatrix(options: MatrixRequest): Promise<MatrixEnd> {
  const { shares, atOnce, runId, out, emit, signal, stopAtFirst } = options;
  const jobs = shares.flatMap(({ target, jobs }) => jobs.map(({ name }) => underTarget(target.name, name)));
  emit({ type: 'run-started', runId, directory: out, scenarios: jobs, lanes: atOnce });
  const start = performance.now();
  const ends = new Map<string, TargetEnd>();
  let isOver = false;
  await pLimit(atOnce).map(longestFirst(shares), async (share) => {
    if (isOver || signal.aborted) return;
    const end = await runTarget(share, options);
    ends.set(share.target.name, end);
    if (stopAtFirst && end.results.some(({ verdict }) => verdict?.result !== 'pass')) isOver = true;
  });
  emit({ type: 'run-finished', runId, directory: out, seconds: (performance.now() - start) / 1000 });
  const inOrder = shares.flatMap(({ target }) => ends.get(target.name) ?? []);
  return {
    results: inOrder.flatMap(({ results }) => results),
    engines: inOrder.flatMap(({ engines }) => engines),
    error: signal.aborted ? signal.reason : inOrder.find(({ error }) => error !== undefined)?.error,
  };
}
