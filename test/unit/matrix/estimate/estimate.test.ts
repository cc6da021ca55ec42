import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Flows } from '../../../../src/contracts/agents/flowProfile.js';
import { estimateOf } from '../../../../src/matrix/estimate/estimate.js';
import {
  addRun,
  readTimes,
  timedName,
  withRun,
  type RunTimes,
} from '../../../../src/matrix/estimate/runTimes.js';
import { estimateText } from '../../../../src/report/phrases/estimateText.js';
import { folder, share } from '../matrices.js';

const nobody: RunTimes = { schema: 2, engines: [] };
const vm = { kind: 'vm', accelerator: 'tcg' } as const;
const auto = { engine: 'auto', accel: 'auto', atOnce: 1 } as const;
const run = (
  seconds: Readonly<Record<string, number>>,
  all: number,
  { opening = 10, preparationSeconds = 0 } = {},
) => ({
  identity: vm,
  opening,
  seconds: all,
  jobs: Object.entries(seconds).map(([name, each]) => ({ name, seconds: each, preparationSeconds })),
});
/** Two jobs of 20 s each, which took 30 s by the clock, behind 10 s for the engine. */
const once = withRun(nobody, run({ 'a/one': 20, 'a/two': 20 }, 30), new Date(0));
const here = { name: 'default', kernel: undefined, image: undefined };
const asked = (...jobs: string[]) => [{ ...share('x', ...jobs), target: here }];

describe('how long a run takes', () => {
  it('is what its jobs took before, as far as they ran side by side, and the engine', () => {
    expect(estimateOf(asked('a/one', 'a/two'), once, auto)).toEqual({
      scenarios: 2,
      jobs: 2,
      unknown: 0,
      seconds: 40,
    });
    // One by itself takes its own time.
    expect(estimateOf(asked('a/one'), once, auto).seconds).toBe(30);
  });

  it('takes jobs that were never run for average, and says how many they are', () => {
    expect(estimateOf(asked('a/one', 'a/new'), once, auto)).toMatchObject({ unknown: 1, seconds: 40 });
  });

  it('is not known where none of it was run, or none on the engine asked for', () => {
    expect(estimateOf(asked('a/new'), once, auto)).toEqual({ scenarios: 1, jobs: 1, unknown: 1 });
    expect(estimateOf(asked('a/one'), nobody, auto).seconds).toBeUndefined();
    expect(estimateOf(asked('a/one'), once, { ...auto, engine: 'local' }).seconds).toBeUndefined();
    expect(estimateOf(asked('a/one'), once, { ...auto, accel: 'kvm' }).seconds).toBeUndefined();
    expect(estimateOf(asked('a/one'), once, { ...auto, engine: 'vm', accel: 'tcg' }).seconds).toBe(30);
  });

  it('goes by the engine that was used last, and with a kernel by the VM', () => {
    const local = {
      ...run({ 'a/one': 2 }, 2, { opening: 1 }),
      identity: { kind: 'local', accelerator: undefined },
    } as const;
    const both = withRun(once, local, new Date(1000));
    expect(estimateOf(asked('a/one'), both, auto).seconds).toBe(3);
    expect(estimateOf([share('debian:sid', 'a/one')], both, auto).seconds).toBe(30);
  });

  it('is shared by the targets that run at the same time', () => {
    const two = [share('one', 'a/one', 'a/two'), share('two', 'a/one', 'a/two')];
    expect(estimateOf(two, once, auto).seconds).toBe(80);
    expect(estimateOf(two, once, { ...auto, atOnce: 2 }).seconds).toBe(40);
    expect(estimateOf(two, once, { ...auto, atOnce: 8 }).seconds).toBe(40);
  });
});

describe('the record of times', () => {
  it('learns: what a job adds as much as all before, and its own time at once where it is less', () => {
    const twice = withRun(once, run({ 'a/one': 40 }, 40, { opening: 4 }), new Date(1));
    expect(twice.engines).toEqual([
      {
        ...{ ...vm, at: new Date(1).toISOString(), opening: 4 },
        jobs: { 'a/one': { seconds: 30, added: 27.5 }, 'a/two': { seconds: 20, added: 15 } },
      },
    ]);
    const quicker = withRun(twice, run({ 'a/one': 10 }, 10), new Date(2));
    expect(quicker.engines[0]?.jobs['a/one']).toEqual({ seconds: 10, added: 18.75 });
  });

  it('is none the worse for a job that was run by itself', () => {
    // A hundred jobs, four at a time on two processors: each takes 20 s, all of them 1000 s.
    const names = Array.from({ length: 100 }, (_, index) => `a/${index}`);
    const all = withRun(nobody, run(Object.fromEntries(names.map((name) => [name, 20])), 1000), new Date(0));
    const then = withRun(all, run({ 'a/0': 12 }, 12), new Date(1));
    expect(estimateOf(asked(...names), then, auto).seconds).toBe(1011);
    expect(estimateOf(asked('a/0'), then, auto).seconds).toBe(22);
  });

  it('counts a job without the time in which the saved lab was made that it was the first to want', () => {
    const jobs = { 'a/one': 55, 'a/two': 55 };
    const first = withRun(nobody, run(jobs, 110, { preparationSeconds: 40 }), new Date(0));
    expect(first.engines[0]?.jobs['a/one']).toEqual({ seconds: 15, added: 15 });
    const many = asked('a/one', 'a/two', ...Array.from({ length: 148 }, (_, index) => `a/${index}`));
    expect(estimateOf(many, first, auto).seconds).toBe(10 + 150 * 15);
    // The same times of jobs that made nothing.
    expect(estimateOf(many, withRun(nobody, run(jobs, 110), new Date(0)), auto).seconds).toBe(10 + 150 * 55);
  });

  it('tells a scenario with raw-socket flows from one without', () => {
    const flows = { count: 200 } as Flows;
    expect(timedName({ id: 'a/one', flows: undefined })).toBe('a/one');
    expect(timedName({ id: 'a/one', flows })).toBe('a/one with 200 flows');
  });

  it('is kept in a file, and begins anew where that says something else', async () => {
    const file = join(folder(), 'cache', 'run-times.json');
    expect(await readTimes(file)).toEqual(nobody);
    await addRun(file, run({ 'a/one': 20 }, 20), new Date(0));
    expect((await readTimes(file)).engines[0]?.jobs).toEqual({ 'a/one': { seconds: 20, added: 20 } });
    expect(existsSync(`${file}.${String(process.pid)}`)).toBe(false);
    writeFileSync(file, '{ "schema": 1 }');
    expect(await readTimes(file)).toEqual(nobody);
    await addRun(file, run({ 'a/two': 5 }, 5), new Date(0));
    expect(readFileSync(file, 'utf8')).toContain('a/two');
  });

  it('makes the cache for this user alone, for a cache that others may write to is refused', async () => {
    const file = join(folder(), 'cache', 'run-times.json');
    const before = process.umask(0o002);
    try {
      await addRun(file, run({ 'a/one': 20 }, 20), new Date(0));
    } finally {
      process.umask(before);
    }
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
  });

  it('has nothing of a run without a verdict', () => {
    expect(withRun(once, run({}, 30), new Date(9))).toBe(once);
  });
});

describe('the estimate in words', () => {
  it.each([
    [{ scenarios: 90, jobs: 90, unknown: 0, seconds: 251 }, '90 scenarios, about 4 min'],
    [{ scenarios: 2, jobs: 6, unknown: 0, seconds: 42 }, '2 scenarios in 6 jobs, about 40 s'],
    [{ scenarios: 1, jobs: 1, unknown: 0, seconds: 0 }, '1 scenario, about 1 s'],
    [{ scenarios: 90, jobs: 3000, unknown: 0, seconds: 28_000 }, '90 scenarios in 3000 jobs, about 7.8 h'],
    [
      { scenarios: 3, jobs: 3, unknown: 2, seconds: 30 },
      '3 scenarios, about 30 s, if the 2 jobs never run on this machine are like the others',
    ],
    [
      { scenarios: 3, jobs: 3, unknown: 3 },
      '3 scenarios; how long that takes is not known, for none of it has been run on this machine',
    ],
  ])('%j', (estimate, text) => {
    expect(estimateText(estimate)).toBe(text);
  });
});
