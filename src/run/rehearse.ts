import type { Engine } from '../engine/port.js';
import { isShipped } from '../scenario/library.js';
import { rehearsedSteps } from '../scenario/rehearsal.js';
import type { Job } from './jobs.js';
import { readRefusals, refusedError } from './refusals.js';
import { alive } from './runScenario.js';

/** A command's arguments and environment have two megabytes together. */
const mostBytes = 1_000_000;

/** A job, or a scenario of which a lab is to be made. */
type Loading = Pick<Job, 'scenario'>;

interface Rehearsed<J> {
  readonly jobs: readonly J[];
  readonly steps: ReturnType<typeof rehearsedSteps>;
}

/**
 * Tries out what the jobs' scenarios load into nodes, before any node is made, and gives those whose rules are refused, each with an
 * error that names every place. One throw-away container serves them all. Those of the library are left out: they were loaded on every
 * kernel that they name, and what a new one refuses is told when it is loaded; so it is when it cannot be found out beforehand.
 */
export function refusedBefore<J extends Loading>({
  engine,
  jobs,
  runId,
  signal,
}: {
  readonly engine: Engine;
  readonly jobs: readonly J[];
  readonly runId: string;
  readonly signal: AbortSignal;
}): Promise<ReadonlyMap<J, Error>> {
  return alive(refused(engine, jobs, runId), engine, signal).catch(() => new Map<J, Error>());
}

async function refused<J extends Loading>(
  engine: Engine,
  jobs: readonly J[],
  runId: string,
): Promise<ReadonlyMap<J, Error>> {
  const own = groupedByText(jobs.filter(({ scenario }) => !isShipped(scenario.file)));
  const found = new Map<J, Error>();
  for (const batch of batches(own)) {
    const steps = batch.flatMap((one) => one.steps);
    const { stdout } = await engine.tryRules(
      runId,
      steps.flatMap(({ kind, text }) => [kind, text]),
    );
    const refusals = readRefusals(stdout, steps);
    for (const { jobs: same, steps: theirs } of batch) {
      const ofTheirs = refusals.filter(({ step }) => theirs.includes(step));
      if (ofTheirs.length === 0) continue;
      for (const job of same) found.set(job, refusedError(job.scenario, ofTheirs, process.cwd()));
    }
  }
  return found;
}

/** Repetitions of a scenario load the same. */
function groupedByText<J extends Loading>(jobs: readonly J[]): readonly Rehearsed<J>[] {
  const groups = new Map<string, { jobs: J[]; steps: Rehearsed<J>['steps'] }>();
  for (const job of jobs) {
    const steps = rehearsedSteps(job.scenario);
    const key = JSON.stringify([job.scenario.file, steps]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { jobs: [job], steps });
    else known.jobs.push(job);
  }
  return [...groups.values()].filter(({ steps }) => steps.length > 0);
}

function batches<J>(all: readonly Rehearsed<J>[]): readonly (readonly Rehearsed<J>[])[] {
  const found: Rehearsed<J>[][] = [];
  let bytes = Infinity;
  for (const one of all) {
    const size = one.steps.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    if (bytes + size > mostBytes) [bytes, found[found.length]] = [0, []];
    bytes += size;
    found.at(-1)?.push(one);
  }
  return found;
}
