import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/port.js';
import { listScenarios } from '../../src/scenario/library.js';
import { runOne, verdictOf } from './support/run.js';
import { sharedEngine } from './support/sharedEngine.js';

describe('every scenario of the library', async () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await sharedEngine();
  });

  // Its twins, where something is broken and the verdict changes, are in verdict.test.ts.
  it.each((await listScenarios()).map((scenario) => [scenario.id, scenario] as const))(
    '%s shows what its file expects',
    async (_, scenario) => {
      const verdict = verdictOf((await runOne(engine, scenario)).result);
      expect(verdict.reasons.join('\n')).not.toContain('unexplained');
      expect(verdict).toMatchObject({ result: 'pass', control: { outcome: 'healthy' } });
      expect(verdict.measured?.numbers.connections).toBe(scenario.load.connections);
    },
  );
});
