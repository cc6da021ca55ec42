import type { SkippedScenarios } from '../../../../run/model/labEvents.js';
import { jobsOf, type Job } from '../../../../run/model/jobs.js';
import { findScenarios } from '../../../../scenario/library/library.js';
import type { Scenario } from '../../../../scenario/model/scenario.js';
import { withFlows } from '../../../../scenario/library/withFlows.js';
import { isAboutFlavour } from '../../../../scenario/library/withIptables.js';
import { UsageError } from '../../../../support/errors.js';
import { readLastRun } from './lastRun.js';
import type { MatrixOptions } from '../../../options/matrixOptions.js';
import type { JobOptions, SelectionOptions } from '../../../options/options.js';
import { chooseScenarios, isNamed, narrow, withMutations } from '../../../options/selection.js';
import { shuffled } from './shuffle.js';

/** The jobs that are to run, in this order, and what was decided on the way. */
export interface JobSelection {
  readonly jobs: readonly Job[];
  /** Whether the jobs run scenarios with their mutations made. */
  readonly mutated: boolean;
  /** The seed that shuffled the order; undefined: the order was not shuffled. */
  readonly seed: string | undefined;
  readonly leftOut: readonly SkippedScenarios[];
  /** Ids of scenarios that are about a flavour of iptables themselves, so that `--iptables` does not change them. */
  readonly ownFlavour: readonly string[];
  /** Why there are no jobs; undefined when there are some. */
  readonly nothing: string | undefined;
}

/** The working directory and the run for which jobs are chosen. */
interface RunLocation {
  readonly cwd: string;
  /** The seed when `--shuffle` names none: the run's id, so that it can be found in the run's directory too. */
  readonly runId: string;
}

/**
 * Chooses the scenarios that names and options ask for, and makes jobs of them. Throws UsageError when the request is contradictory or
 * selects no scenario.
 */
export async function chooseJobs(
  names: readonly string[],
  options: SelectionOptions & JobOptions & Pick<MatrixOptions, 'iptables'>,
  { cwd, runId }: RunLocation,
): Promise<JobSelection> {
  const { mutate = false, repeatEach, shuffle, flows, iptables = [] } = options;
  const seed = shuffle === true ? runId : shuffle;
  const found = options.lastFailed
    ? await chooseFailed(names, options, cwd)
    : { scenarios: await chooseScenarios(names, options), nothing: undefined };
  const quick = isChosen(names, options)
    ? found.scenarios
    : found.scenarios.filter((scenario) => scenario.flows === undefined);
  const loaded = flows === undefined ? quick : allWithFlows(quick, flows, names);
  const wanted = mutate ? withMutations(loaded) : loaded;
  const jobs = jobsOf(wanted, repeatEach, iptables);
  return {
    jobs: seed === undefined ? jobs : shuffled(jobs, seed),
    mutated: mutate,
    seed,
    leftOut: [...missing('takes-minutes', found.scenarios, quick), ...missing('kernel-ports', quick, loaded)],
    ownFlavour: iptables.length === 0 ? [] : wanted.filter(isAboutFlavour).map(({ id }) => id),
    nothing: found.nothing,
  };
}

/** Whether the user selected scenarios, rather than asking for all there are. */
function isChosen(
  names: readonly string[],
  { tag, grep, lastFailed }: SelectionOptions & JobOptions,
): boolean {
  return names.length > 0 || tag.length > 0 || grep !== undefined || lastFailed === true;
}

/** The scenarios in `all` that are not in `kept`, with the reason why; empty when nothing is missing. */
function missing(
  why: SkippedScenarios['why'],
  all: readonly Scenario[],
  kept: readonly Scenario[],
): readonly SkippedScenarios[] {
  const ids = new Set(kept.map(({ id }) => id));
  const scenarios = all.map(({ id }) => id).filter((id) => !ids.has(id));
  return scenarios.length === 0 ? [] : [{ why, scenarios }];
}

/**
 * The scenarios with raw-socket flows, without those that cannot have any.
 * @throws UsageError naming each of these that was named itself, or all when none is left, and why.
 */
function allWithFlows(
  scenarios: readonly Scenario[],
  flows: number,
  names: readonly string[],
): readonly Scenario[] {
  const impossible: { readonly scenario: Scenario; readonly error: UsageError }[] = [];
  const loaded = scenarios.flatMap((scenario) => {
    try {
      return [withFlows(scenario, flows)];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      impossible.push({ scenario, error });
      return [];
    }
  });
  const refused = impossible
    .filter(({ scenario }) => loaded.length === 0 || isNamed(scenario, names))
    .map(({ error }) => error);
  if (refused.length === 0) return loaded;
  throw new UsageError(refused.map(({ message }) => message).join('\n'), {
    hint: 'leave them out, or run them without --flows',
  });
}

interface Found {
  readonly scenarios: readonly Scenario[];
  readonly nothing: string | undefined;
}

/** The scenarios that did not pass in the last run, as far as names and options select them. */
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
