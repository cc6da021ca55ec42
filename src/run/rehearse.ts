import type { Engine } from '../engine/port.js';
import { isShipped } from '../scenario/library.js';
import { rehearsedSteps } from '../scenario/rehearsal.js';
import type { Job } from './jobs.js';
import { readRefusals, refusedError } from './refusals.js';

/** A command's arguments and environment have two megabytes together. */
const mostBytes = 1_000_000;

interface Rehearsed {
  readonly jobs: readonly Job[];
  readonly steps: ReturnType<typeof rehearsedSteps>;
}

/**
 * Tries out what the jobs' scenarios load into nodes, before any node is made, and gives those whose rules are refused, each with an
 * error that names every place. One throw-away container serves them all. Those of the library are left out: they were loaded on every
 * kernel that they name, and what a new one refuses is told when it is loaded.
 */
export async function refusedJobs(
  engine: Engine,
  jobs: readonly Job[],
  runId: string,
): Promise<ReadonlyMap<Job, Error>> {
  const own = groupedByText(jobs.filter(({ scenario }) => !isShipped(scenario.file)));
  const refused = new Map<Job, Error>();
  for (const batch of batches(own)) {
    const steps = batch.flatMap((one) => one.steps);
    const { stdout } = await engine.tryRules(
      runId,
      steps.flatMap(({ kind, text }) => [kind, text]),
    );
    const refusals = readRefusals(stdout, steps);
    for (const { jobs: same, steps: theirs } of batch) {
      for (const job of same) {
        const error = refusedError(
          job.scenario,
          refusals.filter(({ step }) => theirs.includes(step)),
          process.cwd(),
        );
        if (error !== undefined) refused.set(job, error);
      }
    }
  }
  return refused;
}

/** Repetitions of a scenario load the same. */
function groupedByText(jobs: readonly Job[]): readonly Rehearsed[] {
  const groups = new Map<string, { jobs: Job[]; steps: Rehearsed['steps'] }>();
  for (const job of jobs) {
    const steps = rehearsedSteps(job.scenario);
    const key = JSON.stringify([job.scenario.file, steps]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { jobs: [job], steps });
    else known.jobs.push(job);
  }
  return [...groups.values()].filter(({ steps }) => steps.length > 0);
}

function batches(all: readonly Rehearsed[]): readonly (readonly Rehearsed[])[] {
  const found: Rehearsed[][] = [];
  let bytes = Infinity;
  for (const one of all) {
    const size = one.steps.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    if (bytes + size > mostBytes) [bytes, found[found.length]] = [0, []];
    bytes += size;
    found.at(-1)?.push(one);
  }
  return found;
}
