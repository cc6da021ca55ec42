import { describe, expect, it } from 'vitest';
import { jobsOf } from '../../../../src/run/model/jobs.js';
import { JobQueue, type LaneState } from '../../../../src/run/schedule/queue.js';
import { controlKey, shapeKey } from '../../../../src/scenario/plan/shape.js';
import type { Scenario } from '../../../../src/scenario/model/scenario.js';
import { recordedScenario } from '../running.js';

const base = await recordedScenario();
const named = (id: string, changes: Partial<Scenario> = {}): Scenario => ({ ...base, id, ...changes });
const wide = { topology: { ...base.topology, realservers: 4 } };
const busy = { load: { ...base.load, connections: 50 } };

const atHand = (scenario: Scenario, ...controls: Scenario[]): LaneState => ({
  shape: shapeKey(scenario),
  controls: new Set(controls.map(controlKey)),
});

/** Takes everything as one lane would, remembering the control runs it has made. */
function order(scenarios: readonly Scenario[]): string[] {
  const queue = new JobQueue(jobsOf(scenarios, 1));
  const taken: Scenario[] = [];
  for (;;) {
    const last = taken.at(-1);
    const sameLab = taken.filter((one) => last !== undefined && shapeKey(one) === shapeKey(last));
    const next = queue.take(last && atHand(last, ...sameLab));
    if (next === undefined) return taken.map(({ id }) => id);
    taken.push(next.scenario);
  }
}

describe('the queue of jobs', () => {
  it('gives all jobs, each once', () => {
    const queue = new JobQueue(jobsOf([named('a/one'), named('a/two')], 2));
    const taken = Array.from({ length: 5 }, () => queue.take(undefined));
    expect(taken.map((job) => job?.name)).toEqual(['a/one', 'a/two', 'a/one#2', 'a/two#2', undefined]);
  });

  it('stays with a shape, and with a control run, as long as it can', () => {
    const scenarios = [
      named('a/one'),
      named('a/wide', wide),
      named('a/busy', busy),
      named('a/two'),
      named('a/busier', busy),
    ];
    expect(order(scenarios)).toEqual(['a/one', 'a/two', 'a/busy', 'a/busier', 'a/wide']);
  });

  it('sends a second lane to another kind of control run, and to the shape with most left', () => {
    const queue = new JobQueue(
      jobsOf([named('a/one'), named('a/two'), named('a/busy', busy), named('a/wide', wide)], 1),
    );
    expect(queue.take(undefined)?.name).toBe('a/one');
    expect(queue.take(undefined)?.name).toBe('a/busy');
  });

  it('has nothing left once it is closed', () => {
    const queue = new JobQueue(jobsOf([named('a/one')], 1));
    queue.close();
    expect(queue.take(undefined)).toBeUndefined();
  });
});
