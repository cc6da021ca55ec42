import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseVerdict } from '../../src/report/document/parseResults.js';
import { listScenarios } from '../../src/scenario/library/library.js';
import { cli } from '../integration/support/commandLine.js';
import { expectAsItsFileSays, isLongStorm } from '../integration/support/libraryCheck.js';
import { inFolder } from './stages.js';

describe('the storms of the library that the integration tests leave out', async () => {
  const scenarios = (await listScenarios()).filter(isLongStorm);
  beforeAll(() => cli(['clean']));

  it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s shows what its file expects',
    async (id, scenario) => {
      const { out, run } = await inFolder([id]);
      const { exitCode, stdout, stderr } = await run.finished;
      expect(exitCode, stdout + stderr).toBe(0);
      const verdict = await readFile(path.join(out, id.replace('/', '-'), 'verdict.json'), 'utf8');
      expectAsItsFileSays(scenario, parseVerdict(verdict));
    },
  );
});
