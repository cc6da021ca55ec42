import path from 'node:path';
import type { Scenario } from '../scenario/types.js';

/** One run of one scenario. */
export interface Job {
  readonly scenario: Scenario;
  /** 1, 2 ...: which of the scenario's runs. */
  readonly repeat: number;
  /** Unique in the run: the id, and from the second run on `id#2`. */
  readonly name: string;
}

/** Each scenario `repeatEach` times: all of them once, then all of them again. */
export function jobsOf(scenarios: readonly Scenario[], repeatEach: number): Job[] {
  return Array.from({ length: repeatEach }, (_, index) => index + 1).flatMap((repeat) =>
    scenarios.map((scenario) => ({
      scenario,
      repeat,
      name: jobName(scenario.id, repeat),
    })),
  );
}

/** The name of a scenario's run: the id, and from the second time on `id#2`. */
export function jobName(id: string, repeat: number): string {
  return repeat === 1 ? id : `${id}#${String(repeat)}`;
}

/** A job's folder in a run directory. */
export function jobDirectory(out: string, name: string): string {
  return path.join(out, name.replaceAll('/', '-').replaceAll('#', '.'));
}
