import { beforeAll, describe, expect, it } from 'vitest';
import { BusyLoops } from '../../bench/program/busyLoops.js';
import { listScenarios } from '../../src/scenario/library/library.js';
import { cli, expectExit } from '../integration/support/commandLine.js';
import { expectAsItsFileSays, isLongStorm } from '../integration/support/libraryCheck.js';
import { amount } from '../unit/fuzz/amount.js';
import { inFolder, verdictIn } from './stages.js';

const loopsBeside = 8;

describe('a machine that is busy with something else', async () => {
  const all = (await listScenarios()).filter((scenario) => !isLongStorm(scenario));
  const { runs } = amount(20);
  // Evenly spread over the library, so that each of its folders is there.
  const sample = Array.from({ length: runs }, (_, nth) => all[Math.floor((nth * all.length) / runs)]).filter(
    (scenario) => scenario !== undefined,
  );
  beforeAll(() => cli(['clean']));

  it(`breaks none of ${String(runs)} scenarios, and changes no verdict`, async () => {
    await using loops = await BusyLoops.start(loopsBeside);
    expect(loops).toBeDefined();
    const { out, run } = await inFolder(sample.map(({ id }) => id));
    expectExit(await run.finished, 0);
    for (const scenario of sample) {
      expectAsItsFileSays(scenario, await verdictIn(out, scenario));
    }
  });
});
