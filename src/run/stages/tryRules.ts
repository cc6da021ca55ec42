import type { Engine } from '../../engine/port/port.js';
import { isShipped } from '../../scenario/library/library.js';
import { triedSteps } from '../../scenario/plan/triedSteps.js';
import type { Emit } from '../model/labEvents.js';
import type { Job } from '../model/jobs.js';
import { readRefusals, refusedError } from '../nodes/refusals.js';
import { abortable } from '../../support/wait.js';
import { messageOf } from '../../support/errors.js';

/** Seconds for starting the container, for trying each step, and for each ten thousand bytes. */
const allowance = { start: 60, step: 1, piece: 1 };

/** Something that loads a scenario into a lab: a job, or a request for a lab. */
type Loading = Pick<Job, 'scenario'>;

interface Tried<J> {
  readonly jobs: readonly J[];
  readonly steps: ReturnType<typeof triedSteps>;
}

/**
 * Tries out what the jobs' scenarios load, before any node is made. Resolves with the jobs whose rules are refused, each with an error that
 * names every place. One throw-away container serves all. Scenarios of the library are left out, because they have been loaded on every
 * kernel that they name; a refusal by a new kernel is reported when the rules are loaded. So is every refusal when the trial itself fails.
 */
export function refusedBefore<J extends Loading>({
  engine,
  jobs,
  runId,
  emit,
  signal,
}: {
  readonly engine: Engine;
  readonly jobs: readonly J[];
  readonly runId: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}): Promise<ReadonlyMap<J, Error>> {
  return abortable(refused(engine, jobs, runId), signal).catch((error: unknown) => {
    if (!signal.aborted) emit({ type: 'engine-note', message: notTried(error) });
    return new Map<J, Error>();
  });
}

function notTried(error: unknown): string {
  const why = messageOf(error);
  return `the scenarios' own rules could not be tried out beforehand (${why}); what is refused of them is told when they are loaded`;
}

async function refused<J extends Loading>(
  engine: Engine,
  jobs: readonly J[],
  runId: string,
): Promise<ReadonlyMap<J, Error>> {
  const own = groupedByText(jobs.filter(({ scenario }) => !isShipped(scenario.file)));
  const found = new Map<J, Error>();
  const steps = own.flatMap((one) => one.steps);
  if (steps.length === 0) return found;
  const { stdout } = await engine.tryRules(runId, steps, { seconds: secondsFor(steps) });
  const refusals = readRefusals(stdout, steps);
  for (const { jobs: same, steps: theirs } of own) {
    const ofThese = new Set(theirs);
    const ofTheirs = refusals.filter(({ step }) => ofThese.has(step));
    if (ofTheirs.length === 0) continue;
    for (const job of same) found.set(job, refusedError(job.scenario, ofTheirs, process.cwd()));
  }
  return found;
}

function secondsFor(steps: Tried<unknown>['steps']): number {
  const pieces = steps.reduce((sum, { text }) => sum + text.length / 10_000, 0);
  return Math.ceil(allowance.start + steps.length * allowance.step + pieces * allowance.piece);
}

/** Groups jobs that load the same: repetitions of a scenario, and scenarios that differ in what clients do. Each has places of its own for what is refused. */
function groupedByText<J extends Loading>(jobs: readonly J[]): readonly Tried<J>[] {
  const groups = new Map<string, { jobs: J[]; steps: Tried<J>['steps'] }>();
  for (const job of jobs) {
    const steps = triedSteps(job.scenario);
    const key = JSON.stringify(steps);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { jobs: [job], steps });
    else known.jobs.push(job);
  }
  return [...groups.values()].filter(({ steps }) => steps.length > 0);
}
