import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { ScenarioResult } from '../../../src/run/model/scenarioResult.js';
import type { Scenario } from '../../../src/scenario/model/scenario.js';
import { expectAsItsFileSays } from './libraryCheck.js';
import { runBelow, verdictOf } from './run.js';
import { sharedEngine } from './sharedEngine.js';

/** Tests of a run of all these scenarios: a test for each, of what its file expects. */
export function describeRunOf(title: string, scenarios: readonly Scenario[]): void {
  describe(title, () => {
    const results = new Map<string, ScenarioResult>();
    let directory: string;

    beforeAll(async () => {
      directory = await mkdtemp(path.join(tmpdir(), 'lvs-lab-test-'));
      const run = await runBelow(directory, await sharedEngine(), scenarios);
      for (const result of run.results) results.set(result.scenario, result);
    }, 7_200_000);
    afterAll(() => rm(directory, { recursive: true, force: true }));

    it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
      '%s shows what its file expects',
      (id, scenario) => {
        const result = results.get(id);
        if (result === undefined) throw new Error(`${id} was never run`);
        expectAsItsFileSays(scenario, verdictOf(result));
      },
    );
  });
}
