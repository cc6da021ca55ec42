import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../integration/support/commandLine.js';
import { amount } from '../unit/fuzz/amount.js';
import { inFolder, leftovers, nothing, spread, stagesOf, type Stage } from './stages.js';

/** Seconds from the signal to the prompt, on a machine that does nothing else. */
const mostSeconds = 2;
const argv = ['close/server-first', 'close/server-first-fixed'];

describe('a run that is interrupted', () => {
  beforeAll(() => cli(['clean']));

  it('at any moment of any stage ends with 130, leaves nothing, and accounts for its jobs', async () => {
    const { runs: times } = amount(30);
    const stages: readonly Stage[] = await stagesOf(argv);
    const took: { readonly seconds: number; readonly where: string }[] = [];
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
      took.push({ seconds: (performance.now() - start) / 1000, where });
      expect(await leftovers(token), where).toEqual(nothing);
      // The last stage may be over by then.
      if (exitCode === 0) continue;
      expect(exitCode, `${where}\n${stderr}`).toBe(130);
      expect(stderr, where).not.toContain('cleanup');
      expect((await cli(['judge', out])).exitCode, where).not.toBe(1);
    }
    const sorted = took.toSorted((one, other) => one.seconds - other.seconds);
    const longest = sorted.at(-1);
    console.log(
      `interrupted ${String(times)} times: median ${(sorted[times >> 1]?.seconds ?? 0).toFixed(2)} s, longest ${(longest?.seconds ?? 0).toFixed(2)} s (${longest?.where ?? ''})`,
    );
    expect(took.filter(({ seconds }) => seconds > mostSeconds)).toEqual([]);
  });
});
