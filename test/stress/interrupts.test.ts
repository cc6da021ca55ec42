import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../integration/support/commandLine.js';
import { amount } from '../unit/fuzz/amount.js';
import { inFolder, leftovers, nothing, spread, stagesOf, type Stage } from './stages.js';

const argv = ['close/server-first', 'close/server-first-fixed'];

describe('a run that is interrupted', () => {
  beforeAll(() => cli(['clean']));

  it('at any moment of any stage ends with 130, leaves nothing, and accounts for its jobs', async () => {
    const { runs: times } = amount(30);
    const stages: readonly Stage[] = await stagesOf(argv);
    const seconds: number[] = [];
    for (let time = 0; time < times; time += 1) {
      const stage = stages[time % stages.length];
      if (stage === undefined) throw new Error('a run without a stage');
      const where = `interrupt ${String(time)}, at "${stage.begins}"`;
      const { out, token, run } = await inFolder(argv);
      await run.saw(stage.begins);
      await sleep(stage.milliseconds * spread(time));
      const start = performance.now();
      run.child.kill('SIGINT');
      const { exitCode, stderr } = await run.finished;
      seconds.push((performance.now() - start) / 1000);
      expect(await leftovers(token), where).toEqual(nothing);
      // The last stage may be over by then.
      if (exitCode === 0) continue;
      expect(exitCode, `${where}\n${stderr}`).toBe(130);
      expect(stderr, where).not.toContain('cleanup');
      expect((await cli(['judge', out])).exitCode, where).not.toBe(1);
    }
    // How long is for a reader, who knows the machine: a busy one takes its time.
    const sorted = seconds.toSorted((one, other) => one - other);
    console.log(
      `interrupted ${String(times)} times: median ${(sorted[times >> 1] ?? 0).toFixed(1)} s, longest ${(sorted.at(-1) ?? 0).toFixed(1)} s`,
    );
  });
});
