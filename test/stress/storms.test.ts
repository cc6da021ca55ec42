import { beforeAll, describe, it } from 'vitest';
import { listScenarios } from '../../src/scenario/library/library.js';
import { cli, expectExit } from '../integration/support/commandLine.js';
import { expectAsItsFileSays, isLongStorm } from '../integration/support/libraryCheck.js';
import { inFolder, verdictIn } from './stages.js';

describe('the storms of the library that the integration tests leave out', async () => {
  const scenarios = (await listScenarios()).filter(isLongStorm);
  beforeAll(() => cli(['clean']));

  it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s shows what its file expects',
    async (id, scenario) => {
      const { out, run } = await inFolder([id]);
      expectExit(await run.finished, 0);
      expectAsItsFileSays(scenario, await verdictIn(out, scenario));
    },
  );
});
