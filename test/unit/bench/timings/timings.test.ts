import { describe, expect, it } from 'vitest';
import { Timings } from '../../../../bench/timings/timings.js';
import type { LabEvent } from '../../../../src/run/model/labEvents.js';

function timingsOf(events: readonly LabEvent[]): Timings {
  const timings = new Timings();
  for (const event of events) timings.take(event);
  return timings;
}

describe('Timings', () => {
  it('have steps and stages that are over, in their order, and add up what comes again', () => {
    const timings = timingsOf([
      { type: 'engine-step', step: 'booting the guest', state: 'started' },
      { type: 'engine-step', step: 'booting the guest', state: 'finished', seconds: 12 },
      { type: 'engine-note', message: 'no KVM' },
      { type: 'stage-started', scenario: 'a', stage: 'control' },
      { type: 'stage-finished', scenario: 'a', stage: 'control', seconds: 6 },
      { type: 'stage-finished', scenario: 'b', stage: 'control', seconds: 1 },
      { type: 'stage-finished', scenario: 'a', stage: 'control', seconds: 0.5 },
    ]);
    timings.add('in all', 20);
    expect(timings.entries).toEqual([
      ['booting the guest', 12],
      ['a: control', 6.5],
      ['b: control', 1],
      ['in all', 20],
    ]);
    expect(timings.of('b: control')).toBe(1);
  });

  it('have nothing of a step that failed', () => {
    const timings = timingsOf([{ type: 'engine-step', step: 'booting the guest', state: 'failed' }]);
    expect(timings.entries).toEqual([]);
    expect(timings.of('booting the guest')).toBeUndefined();
  });
});
