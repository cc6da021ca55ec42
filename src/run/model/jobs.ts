import type { IptablesFlavour } from '../../contracts/words/nodes.js';
import path from 'node:path';
import type { Scenario } from '../../scenario/model/types.js';
import { isAboutFlavour, withIptables } from '../../scenario/library/withIptables.js';

/** One run of one scenario. */
export interface Job {
  readonly scenario: Scenario;
  /** 1, 2 ...: which of the scenario's runs. */
  readonly repeat: number;
  /** What `--iptables` asked for; undefined: as the file says. */
  readonly iptables: IptablesFlavour | undefined;
  /** Unique on its kernel and image: `id`, `id@legacy`, and from the second time on with `#2` behind it. */
  readonly name: string;
}

/**
 * Each scenario `repeatEach` times with each of the flavours: all of them once, then all of them again, then so with the next flavour.
 * A scenario that is about a flavour itself is there once, with the first, and runs as its file says.
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

/** The name of a scenario's run: the id, with a flavour that was asked for `id@legacy`, and from the second time on `id#2`. */
export function jobName(id: string, repeat: number, iptables?: IptablesFlavour): string {
  const flavoured = iptables === undefined ? id : `${id}@${iptables}`;
  return repeat === 1 ? flavoured : `${flavoured}#${String(repeat)}`;
}

/** A job's folder in a run directory. */
export function jobDirectory(out: string, name: string): string {
  return path.join(out, name.replaceAll('/', '-').replaceAll('#', '.'));
}
