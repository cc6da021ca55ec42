import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { LabEvent } from '../../../src/run/events.js';
import { runScenario, type ScenarioRun } from '../../../src/run/runScenario.js';
import { loadScenario } from '../../../src/scenario/load.js';
import type { Scenario } from '../../../src/scenario/types.js';
import { LabError } from '../../../src/support/errors.js';
import { fakeEngine, recorded, recordedRunId, type Script } from './fakeEngine.js';

/** The scenario that was recorded, with short deadlines for what is not going to happen. */
export async function recordedScenario(): Promise<Scenario> {
  const scenario = await loadScenario(path.join(recorded, 'scenario.yaml'));
  return { ...scenario, deadlines: { ready: 1, drive: 1, settle: 0.2, collect: 1 } };
}

/** A run directory that is removed after the test. */
export function runDirectory(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'lvs-lab-run-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Runs the recorded scenario on a fake engine that follows the script. */
export async function run(script: Script = {}, options: Partial<ScenarioRun> = {}) {
  const { engine, calls } = fakeEngine(script);
  const scenario = await recordedScenario();
  const events: LabEvent[] = [];
  const out = runDirectory();
  const result = await runScenario(scenario, {
    engine,
    runId: recordedRunId,
    out,
    expect: scenario.expect,
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    hold: undefined,
    ...options,
  });
  return { result, events, calls, out, directory: path.join(out, 'close-server-first') };
}

/** The error a scenario broke with, which is one for the user, after which the lab was removed. */
export function brokenBy({ result, events, calls }: Awaited<ReturnType<typeof run>>): LabError {
  expect(result.error).toBeInstanceOf(LabError);
  expect(events.at(-1)).toMatchObject({ type: 'scenario-broke', error: result.error });
  expect(calls.filter((call) => call === 'lab removed')).toHaveLength(1);
  return result.error as LabError;
}
