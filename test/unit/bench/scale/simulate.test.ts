import { describe, expect, it } from 'vitest';
import type { Recorded } from '../../../../bench/scale/recorded.js';
import { simulate, type ScaleMatrix, type ScalePlan } from '../../../../bench/scale/simulate.js';

const part = (seconds: number) => ({ seconds, bytes: 1e9 });
const recorded: Recorded = {
  about: 'made up',
  lanes: 2,
  parts: {
    ...{ kernel: part(10), base: part(40), root: part(20), disk: part(5) },
    ...{ warm: part(5), lab: part(50) },
  },
  evidenceBytes: 1e6,
  scenarios: {},
};
const job = (name: string, shape = 'dr', seconds = 100) => ({ name, shape, seconds });
const matrix: ScaleMatrix = { kernels: 1, images: 1, jobs: [job('a'), job('b'), job('c'), job('d')] };
const on = (plan: ScalePlan, change: Partial<ScaleMatrix> = {}, lanes = 2) =>
  simulate({ ...recorded, lanes }, { ...matrix, ...change }, plan);

describe('a matrix on one machine', () => {
  it('makes kernel, root and base side by side, the rest one of the other, and shares jobs out to lanes', async () => {
    // 40 for base, 5 disk, 5 warm, 50 lab; then two lanes with two jobs of 100 each.
    const whole = await on({ machines: 1, cache: 'own' });
    expect(whole).toMatchObject({ cells: 4, longest: 300, median: 300, machineSeconds: 300 });
    expect(whole.made).toEqual({ kernel: 1, base: 1, root: 1, disk: 1, warm: 1, lab: 1 });
    expect(whole).toMatchObject({ written: 6e9, read: 0, largestCache: 6e9 });
    expect((await on({ machines: 1, cache: 'own' }, {}, 4)).longest).toBe(200);
  });

  it('makes a saved lab for each shape, one at a time', async () => {
    const jobs = [job('a', 'dr'), job('b', 'nat')];
    const { longest, made } = await on({ machines: 1, cache: 'own' }, { jobs });
    expect(made.lab).toBe(2);
    // The second lane waits for the second lab.
    expect(longest).toBe(250);
  });

  it('makes labs for each pair of kernel and image, and forgets those that nobody has used for an hour, but for sixteen', async () => {
    const many = await on({ machines: 1, cache: 'own' }, { kernels: 5, images: 5 });
    expect(many.made).toMatchObject({ kernel: 5, disk: 5, warm: 25, lab: 25 });
    const kept = many.largestCache / 1e9 - (5 + 5 + 1 + 5 + 25);
    // A target takes 255 s or more, so that what was used an hour ago is no more than fifteen labs behind.
    expect(kept).toBeGreaterThanOrEqual(16);
    expect(kept).toBeLessThan(19);
    const quick = await on(
      { machines: 1, cache: 'own' },
      { kernels: 5, images: 5, jobs: [job('a', 'dr', 1)] },
    );
    expect(quick.largestCache / 1e9 - (5 + 5 + 1 + 5 + 25)).toBe(25);
  });
});

describe('a matrix on two machines', () => {
  it('is made twice where each has a cache of its own, and once where they share it', async () => {
    const own = await on({ machines: 2, cache: 'own' });
    const shared = await on({ machines: 2, cache: 'shared' });
    expect(own).toMatchObject({
      longest: 200,
      machineSeconds: 400,
      written: 12e9,
      read: 0,
      largestCache: 6e9,
    });
    // Who comes second waits for what the first is making, and reads all six parts.
    expect(shared).toMatchObject({ longest: 200, machineSeconds: 400, written: 6e9, read: 6e9 });
    expect([own.made.lab, shared.made.lab]).toEqual([2, 1]);
  });

  it('is cut as the lab cuts it: machines without a job do nothing', async () => {
    const { longest, median, machineSeconds } = await on({ machines: 9, cache: 'own' });
    expect({ longest, median }).toEqual({ longest: 200, median: 0 });
    expect(machineSeconds).toBe(4 * 200);
  });

  it('comes to the same each time', async () => {
    const plan: ScalePlan = { machines: 7, cache: 'shared' };
    const change = { kernels: 3, images: 2 };
    expect(await on(plan, change)).toEqual(await on(plan, change));
  });
});
