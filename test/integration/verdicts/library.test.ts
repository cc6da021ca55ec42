import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { ScenarioResult } from '../../../src/run/model/scenarioResult.js';
import { listScenarios } from '../../../src/scenario/library/library.js';
import { expectAsItsFileSays, isLongStorm } from '../support/libraryCheck.js';
import { runBelow, verdictOf } from '../support/run.js';
import { sharedEngine } from '../support/sharedEngine.js';

describe('the library, with three of its storms', async () => {
  const scenarios = (await listScenarios()).filter((scenario) => !isLongStorm(scenario));
  const results = new Map<string, ScenarioResult>();
  let directory: string;

  // Its twins, where something is broken and the verdict changes, are in verdict.test.ts and mutations.test.ts.
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'lvs-lab-test-'));
    const run = await runBelow(directory, await sharedEngine(), scenarios);
    for (const result of run.results) results.set(result.scenario, result);
  }, 3_600_000);
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
