import { describe, expect, it } from 'vitest';
import { jobsOf } from '../../../../src/run/model/jobs.js';
import { JobQueue } from '../../../../src/run/schedule/queue.js';
import { recordedScenario } from '../running.js';

const base = await recordedScenario();
const jobs = jobsOf(
  ['a/one', 'a/two'].map((id) => ({ ...base, id })),
  2,
);

describe('the queue of jobs', () => {
  it('gives all jobs, each once, in their order', () => {
    const queue = new JobQueue(jobs);
    const taken = Array.from({ length: 5 }, () => queue.take()?.name);
    expect(taken).toEqual(['a/one', 'a/two', 'a/one#2', 'a/two#2', undefined]);
  });

  it('has nothing left once it is closed', () => {
    const queue = new JobQueue(jobs);
    expect(queue.take()?.name).toBe('a/one');
    queue.close();
    expect(queue.take()).toBeUndefined();
  });
});
