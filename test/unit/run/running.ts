import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { LabEvent } from '../../../src/run/model/labEvents.js';
import { jobsOf } from '../../../src/run/model/jobs.js';
import { runScenarios, type RunScenariosOptions } from '../../../src/run/schedule/runScenarios.js';
import { loadScenario } from '../../../src/scenario/file/loadScenario.js';
import type { Scenario } from '../../../src/scenario/model/scenario.js';
import { LabError } from '../../../src/support/errors.js';
import { fakeEngine, recorded, recordedRunId, recordedSubnet, type Script } from './fakeEngine.js';

/** The scenario that was recorded, with short deadlines for what is not going to happen. */
export async function recordedScenario(): Promise<Scenario> {
  const scenario = await loadScenario(path.join(recorded, 'scenario.yaml'));
  return {
    ...scenario,
    topology: { ...scenario.topology, subnet: recordedSubnet },
    deadlines: { ready: 1, drive: 1, settle: 0.2, collect: 1, quiet: 3 },
  };
}

/** A run directory that is removed after the test. */
export function runDirectory(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'lvs-lab-run-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Runs scenarios, or the recorded one, on a fake engine that follows the script. */
export async function runAll(
  script: Script = {},
  options: Partial<RunScenariosOptions> = {},
  choose: (scenario: Scenario) => readonly Scenario[] = (scenario) => [scenario],
) {
  const { engine, calls } = fakeEngine(script);
  const events: LabEvent[] = [];
  const out = path.join(runDirectory(), 'not', 'there', 'yet');
  const results = await runScenarios({
    engine,
    jobs: jobsOf(choose(await recordedScenario()), 1),
    out,
    runId: recordedRunId,
    expect: undefined,
    lanes: 1,
    freshControl: false,
    explain: false,
    stopAtFirst: false,
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    ...options,
  });
  return { results, events, calls, out, directory: path.join(out, 'close-server-first') };
}

/** Runs the recorded scenario alone. */
export async function run(script: Script = {}, options: Partial<RunScenariosOptions> = {}) {
  const all = await runAll(script, options);
  const [result] = all.results;
  if (result === undefined) throw new Error('the run was over before it began');
  return { ...all, result };
}

/** The error a scenario broke with, which is one for the user, after which no lab was left. */
export function brokenBy({ result, events, calls }: Awaited<ReturnType<typeof run>>): LabError {
  expect(result.error).toBeInstanceOf(LabError);
  expect(events.find(({ type }) => type === 'scenario-broke')).toMatchObject({ error: result.error });
  expect(calls).toContain('lab removed');
  expect(calls.filter((call) => call === 'lab removed')).toHaveLength(
    calls.filter((call) => call === 'lab created').length,
  );
  return result.error as LabError;
}
