import type { IptablesFlavour } from '../../contracts/words/nodes.js';
import path from 'node:path';
import type { ScenarioResult } from './scenarioResult.js';
import type { Scenario } from '../../scenario/model/scenario.js';
import { isAboutFlavour, withIptables } from '../../scenario/library/withIptables.js';

/** One run of one scenario. */
export interface Job {
  readonly scenario: Scenario;
  /** Which of the scenario's runs it is, counted from 1. */
  readonly repeat: number;
  /** The flavour that `--iptables` asked for; undefined: what the file says. */
  readonly iptables: IptablesFlavour | undefined;
  /** The job's name, unique on its kernel and image: `id` or `id@legacy`, followed by `#2` and so on from the second run. */
  readonly name: string;
}

/**
 * The jobs of scenarios: for each flavour, all scenarios once, then all again, until each has run `repeatEach` times. A scenario that is
 * about a flavour itself is run as its file says, with the first flavour only.
 */
export function jobsOf(
  scenarios: readonly Scenario[],
  repeatEach: number,
  flavours: readonly IptablesFlavour[] = [],
): Job[] {
  const repeats = Array.from({ length: repeatEach }, (_, index) => index + 1);
  const jobs = (some: readonly Scenario[], iptables?: IptablesFlavour): Job[] =>
    repeats.flatMap((repeat) => some.map((scenario) => makeJob(scenario, repeat, iptables)));
  if (flavours.length === 0) return jobs(scenarios);
  const free = scenarios.filter((scenario) => !isAboutFlavour(scenario));
  return flavours.flatMap((flavour, index) => jobs(index === 0 ? scenarios : free, flavour));
}

function makeJob(scenario: Scenario, repeat: number, flavour: IptablesFlavour | undefined): Job {
  const iptables = flavour === undefined || isAboutFlavour(scenario) ? undefined : flavour;
  return {
    scenario: iptables === undefined ? scenario : withIptables(scenario, iptables),
    repeat,
    iptables,
    name: jobName(scenario.id, repeat, iptables),
  };
}

/** The name of a scenario's run: `id`, or `id@legacy` when a flavour was asked for, followed by `#2` from the second run on. */
export function jobName(id: string, repeat: number, iptables?: IptablesFlavour): string {
  const flavoured = iptables === undefined ? id : `${id}@${iptables}`;
  return repeat === 1 ? flavoured : `${flavoured}#${String(repeat)}`;
}

/** A job's folder in a run directory. */
export function jobDirectory(out: string, name: string): string {
  return path.join(out, name.replaceAll('/', '-').replaceAll('#', '.'));
}

/** What every result says of its job, whoever makes the result. */
export function jobFacts({
  scenario,
  name,
  repeat,
}: Job): Pick<ScenarioResult, 'scenario' | 'job' | 'repeat' | 'file' | 'hash'> {
  return { scenario: scenario.id, job: name, repeat, file: scenario.file, hash: scenario.hash };
}
