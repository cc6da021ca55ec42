import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../../src/support/wait.js';
import { cli } from '../integration/support/commandLine.js';
import { amount } from '../unit/fuzz/amount.js';
import { inFolder, leftovers, nothing, processesOf, spread, stagesOf, type Stage } from './stages.js';

/** Kernel sockets, and raw sockets: each with its way of driving load. */
const runs: readonly (readonly string[])[] = [
  ['close/server-first'],
  ['load/ipvs-table-clean', '--flows', '2000'],
];

describe('a run that is killed', () => {
  beforeAll(() => cli(['clean']));

  it('at any moment of any stage leaves nothing behind `clean`, and no verdict that is wrong', async () => {
    const { runs: times } = amount(100);
    const stages: Stage[] = [];
    for (const argv of runs) stages.push(...(await stagesOf(argv)));
    expect(await leftovers('none')).toEqual(nothing);

    const killed = new Map<string, number>();
    for (let time = 0; time < times; time += 1) {
      const stage = stages[time % stages.length];
      if (stage === undefined) throw new Error('a run without a stage');
      const where = `kill ${String(time)}, at "${stage.begins}" of ${stage.argv.join(' ')}`;
      const { out, token, run } = await inFolder(stage.argv);
      await run.saw(stage.begins);
      await sleep(stage.milliseconds * spread(time));
      run.child.kill('SIGKILL');
      const { exitCode } = await run.finished;
      // The last stage may be over by then.
      if (exitCode === 137) killed.set(stage.begins, (killed.get(stage.begins) ?? 0) + 1);
      else expect(exitCode, where).toBe(0);

      await waitFor(
        `the processes to be gone: ${where}`,
        async () => ((await processesOf(token)).length === 0 ? true : undefined),
        { seconds: 10 },
      );
      const judged = await cli(['judge', out]);
      const said = `${where}\n${judged.stdout}${judged.stderr}`;
      // 1 is a verdict against the file's expectation, which a run that was cut must not come to; 2 is its job that has no evidence yet.
      expect(judged.exitCode, said).not.toBe(1);
      if (judged.exitCode === 2) expect(said).toContain('the run ended while');
      expect((await cli(['clean'])).exitCode, where).toBe(0);
      expect(await leftovers(token), where).toEqual(nothing);
    }
    console.log('killed', Object.fromEntries(killed));
    expect([...killed.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(times * 0.9);
  });
});
