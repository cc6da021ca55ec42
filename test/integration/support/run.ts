import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Engine } from '../../../src/engine/port/port.js';
import type { LabEvent } from '../../../src/run/model/labEvents.js';
import { jobsOf } from '../../../src/run/model/jobs.js';
import type { ScenarioResult } from '../../../src/run/model/scenarioResult.js';
import { runScenarios, type RunScenariosOptions } from '../../../src/run/schedule/runScenarios.js';
import { findScenarios } from '../../../src/scenario/library/library.js';
import type { Scenario } from '../../../src/scenario/model/scenario.js';
import type { Verdict } from '../../../src/verdict/model/verdict.js';

let count = 0;

/** A temporary folder, gone when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'lvs-lab-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

export async function shipped(id: string): Promise<Scenario> {
  const [scenario] = await findScenarios([id]);
  if (scenario === undefined) throw new Error(`no scenario ${id}`);
  return scenario;
}

interface Ran {
  readonly results: readonly ScenarioResult[];
  readonly events: readonly LabEvent[];
}

/** Runs scenarios as the command line would, their evidence below `directory`. */
export async function runBelow(
  directory: string,
  engine: Engine,
  scenarios: readonly Scenario[],
  options: Partial<RunScenariosOptions> = {},
): Promise<Ran> {
  const events: LabEvent[] = [];
  count += 1;
  const results = await runScenarios({
    engine,
    jobs: jobsOf(scenarios, 1),
    out: path.join(directory, `run-${String(count)}`),
    runId: `t${String(process.pid)}x${String(count)}`,
    expect: undefined,
    lanes: undefined,
    freshControl: false,
    explain: false,
    stopAtFirst: false,
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    ...options,
  });
  return { results, events };
}

/** Runs one scenario; its evidence goes with the test. */
export async function runOne(
  engine: Engine,
  scenario: Scenario,
  options: Partial<RunScenariosOptions> = {},
): Promise<{ readonly result: ScenarioResult; readonly events: readonly LabEvent[] }> {
  const { results, events } = await runBelow(await temporaryFolder(), engine, [scenario], options);
  const [result] = results;
  if (result === undefined) throw new Error('the run was over before it began');
  return { result, events };
}

/** The verdict of a result; throws what broke the lab instead. */
export function verdictOf(result: ScenarioResult): Verdict {
  if (result.verdict !== undefined) return result.verdict;
  throw result.error ?? new Error(`${result.scenario} was not run`);
}
