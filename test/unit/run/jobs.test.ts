import { describe, expect, it } from 'vitest';
import { jobDirectory, jobsOf } from '../../../src/run/jobs.js';
import type { Scenario } from '../../../src/scenario/types.js';

const scenarios = ['close/one', 'close/two'].map((id) => ({ id }) as Scenario);

describe('jobsOf', () => {
  it('runs every scenario once before any is run again', () => {
    expect(jobsOf(scenarios, 2).map(({ name, repeat }) => [name, repeat])).toEqual([
      ['close/one', 1],
      ['close/two', 1],
      ['close/one#2', 2],
      ['close/two#2', 2],
    ]);
  });
});

describe('jobDirectory', () => {
  it('is a folder of its own for each job', () => {
    const folders = jobsOf(scenarios, 3).map(({ name }) => jobDirectory('/runs/x', name));
    expect(folders[0]).toBe('/runs/x/close-one');
    expect(folders[5]).toBe('/runs/x/close-two.3');
    expect(new Set(folders).size).toBe(6);
  });
});
