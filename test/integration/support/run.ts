import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Engine } from '../../../src/engine/port.js';
import type { LabEvent } from '../../../src/run/events.js';
import type { ScenarioResult } from '../../../src/run/result.js';
import { runScenarios } from '../../../src/run/runScenarios.js';
import type { Outcome } from '../../../src/scenario/expectation.js';
import { findScenarios } from '../../../src/scenario/library.js';
import type { Scenario } from '../../../src/scenario/types.js';
import type { Verdict } from '../../../src/verdict/types.js';

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

/** Runs one scenario as the command line would; its evidence goes with the test. */
export async function runOne(
  engine: Engine,
  scenario: Scenario,
  options: { readonly expect?: Outcome; readonly signal?: AbortSignal } = {},
): Promise<{ readonly result: ScenarioResult; readonly events: readonly LabEvent[] }> {
  const events: LabEvent[] = [];
  count += 1;
  const [result] = await runScenarios({
    engine,
    scenarios: [scenario],
    out: path.join(await temporaryFolder(), 'run'),
    runId: `t${String(process.pid)}x${String(count)}`,
    expect: options.expect,
    emit: (event) => events.push(event),
    signal: options.signal ?? new AbortController().signal,
  });
  if (result === undefined) throw new Error('the run was over before it began');
  return { result, events };
}

/** The verdict of a result; throws what broke the lab instead. */
export function verdictOf(result: ScenarioResult): Verdict {
  if (result.verdict === undefined) throw result.error;
  return result.verdict;
}
