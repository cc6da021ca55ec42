import pLimit from 'p-limit';
import type { EngineRecord } from '../../run/model/engineRecord.js';
import type { Job } from '../../run/model/jobs.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { underTarget } from './childEvents.js';
import { longestFirst } from './estimate.js';
import { runTarget, type TargetEnd, type TargetOptions } from './runTarget.js';
import type { Share } from '../targets/shard.js';

export interface MatrixOptions extends TargetOptions {
  readonly runId: string;
  readonly shares: readonly Share<Job>[];
  /** Targets at the same time. */
  readonly atOnce: number;
}

/** How far a matrix came. */
export interface MatrixEnd {
  /** In the order of the targets, and of each one's jobs. */
  readonly results: readonly ScenarioResult[];
  readonly engines: readonly EngineRecord[];
  /** What ended it early; undefined: nothing. */
  readonly error: unknown;
}

/** Runs every target's jobs, each target in a process of its own, several at a time. What breaks one of them breaks no other. Does not reject. */
export async function runMatrix(options: MatrixOptions): Promise<MatrixEnd> {
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
