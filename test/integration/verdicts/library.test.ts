import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScenarioResult } from '../../../src/run/model/scenarioResult.js';
import { listScenarios } from '../../../src/scenario/library/library.js';
import { notFollowed } from '../../unit/verdict/followed.js';
import { runBelow, verdictOf } from '../support/run.js';
import { sharedEngine } from '../support/sharedEngine.js';

/**
 * Ten storms of flows take as long as everything else under emulation. These three are of each kind: all stuck, all reset, and mixed; what a
 * change to load touches is measured with `lvs-lab run 'load/*'`.
 */
const storms = ['load/mixed', 'load/rst-storm', 'load/story-with-retransmissions'];

describe('the library, with three of its storms', async () => {
  const all = await listScenarios();
  const scenarios = all.filter(({ id }) => !id.startsWith('load/') || storms.includes(id));
  const results = new Map<string, ScenarioResult>();
  let directory: string;

  // Its twins, where something is broken and the verdict changes, are in verdict.test.ts and mutations.test.ts.
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'lvs-lab-test-'));
    const run = await runBelow(directory, await sharedEngine(), scenarios);
    for (const result of run.results) results.set(result.scenario, result);
  }, 1_800_000);
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s shows what its file expects',
    (id, scenario) => {
      const result = results.get(id);
      if (result === undefined) throw new Error(`${id} was never run`);
      const verdict = verdictOf(result);
      expect(verdict.reasons.join('\n')).not.toContain('unexplained');
      expect(verdict).toMatchObject({ result: 'pass', control: { outcome: 'healthy' } });
      expect(verdict.measured?.numbers.connections).toBe(scenario.load.connections);
      expect(notFollowed(verdict)).toEqual([]);
    },
  );
});
