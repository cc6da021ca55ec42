import { jobsOf, type Job } from '../run/jobs.js';
import { findScenarios } from '../scenario/library.js';
import type { Scenario } from '../scenario/types.js';
import { UsageError } from '../support/errors.js';
import { readLastRun } from './lastRun.js';
import type { JobOptions, SelectionOptions } from './options.js';
import { chooseScenarios, narrow } from './selection.js';
import { shuffled } from './shuffle.js';

/** What is to run, in this order. */
export interface Choice {
  readonly jobs: readonly Job[];
  /** Whether the jobs are of mutated scenarios. */
  readonly mutated: boolean;
  /** What the order was shuffled with; undefined: it was not. */
  readonly seed: string | undefined;
  /** Why there are no jobs; undefined when there are some. */
  readonly nothing: string | undefined;
}

/** Where the choice is made. */
interface Surroundings {
  readonly cwd: string;
  /** The seed when `--shuffle` names none: the run's id, so that it can be found in the run's directory too. */
  readonly runId: string;
}

/** Makes jobs of what was asked for. Throws UsageError when that cannot be, or selects no scenario. */
export async function chooseJobs(
  names: readonly string[],
  options: SelectionOptions & JobOptions,
  { cwd, runId }: Surroundings,
): Promise<Choice> {
  const { mutate = false, repeatEach, shuffle } = options;
  const seed = shuffle === true ? runId : shuffle;
  const found = options.lastFailed
    ? await chooseFailed(names, options, cwd)
    : { scenarios: await chooseScenarios(names, options), nothing: undefined };
  const jobs = jobsOf(mutate ? mutations(found.scenarios) : found.scenarios, repeatEach);
  return {
    jobs: seed === undefined ? jobs : shuffled(jobs, seed),
    mutated: mutate,
    seed,
    nothing: found.nothing,
  };
}

interface Found {
  readonly scenarios: readonly Scenario[];
  readonly nothing: string | undefined;
}

/** Those of the last run that did not pass, as far as names and options let them through. */
async function chooseFailed(
  names: readonly string[],
  options: SelectionOptions,
  cwd: string,
): Promise<Found> {
  const { notPassed, directory } = await readLastRun(cwd);
  if (notPassed.length === 0) {
    return { scenarios: [], nothing: `nothing to run: everything passed in the last run, ${directory}` };
  }
  const files = notPassed.map(({ file }) => file);
  if (names.length === 0)
    return { scenarios: narrow(await findScenarios(files), options), nothing: undefined };
  const named = await chooseScenarios(names, options);
  const scenarios = named.filter(({ file }) => files.includes(file));
  if (scenarios.length > 0) return { scenarios, nothing: undefined };
  throw new UsageError(
    `expected some of ${named.map(({ id }) => id).join(', ')} not to have passed in the last run, ${directory}; found none`,
    { hint: `did not pass there: ${notPassed.map(({ id }) => id).join(', ')}` },
  );
}

/** The scenarios with their change made; id and expectation stay. */
function mutations(scenarios: readonly Scenario[]): readonly Scenario[] {
  const without = scenarios.filter(({ mutation }) => mutation === undefined).map(({ id }) => id);
  if (without.length > 0) {
    throw new UsageError(
      `expected each scenario to have a mutation with --mutate, found none in ${without.join(', ')}`,
      {
        hint: 'add a `mutation` to the file, or select other scenarios',
      },
    );
  }
  return scenarios.flatMap(({ title, mutation }) =>
    mutation === undefined
      ? []
      : [{ ...mutation.scenario, title: `${title} (mutation: ${mutation.what})`, mutation: undefined }],
  );
}
