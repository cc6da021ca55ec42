import { describe, expect, it } from 'vitest';
import { PossibleLeftovers } from '../../../../src/cli/frame/possibleLeftovers.js';
import type { LabEvent } from '../../../../src/run/model/labEvents.js';
import { identity } from '../../report/samples.js';

const after = (...events: readonly LabEvent[]): string => {
  const left = new PossibleLeftovers();
  for (const event of events) left.take(event);
  return left.text();
};
const started = (lab: string): LabEvent => ({ type: 'lab-started', lab });
const removed = (lab: string): LabEvent => ({ type: 'lab-removed', lab, seconds: 1 });
const ready = (kind: 'local' | 'vm'): LabEvent => ({
  type: 'engine-ready',
  identity: { ...identity, kind },
  seconds: 1,
});
const step = (state: 'started' | 'finished' | 'failed'): LabEvent => ({
  type: 'engine-step',
  step: 'making the root',
  state,
});

describe('what may be left of a run that ends at once', () => {
  it('is what was made and not removed, and where to turn', () => {
    expect(after(ready('local'), started('lab 1'), started('lab 2'), removed('lab 1'))).toBe(
      'stopped at once; what may be left: networks and nodes of lab 2; `lvs-lab clean` removes it',
    );
    expect(after(step('started'))).toMatch(/left: what was being made \(making the root\); /);
  });

  it('is in a VM only what lies outside of it', () => {
    expect(after(ready('vm'), started('lab 1'))).toMatch(/left: the VM's folder; /);
  });

  it('is nothing in particular when nothing was made, or all is gone', () => {
    const nothing = 'stopped at once; run `lvs-lab clean` to remove what may be left';
    for (const state of ['finished', 'failed'] as const)
      expect(after(step('started'), step(state))).toBe(nothing);
    expect(after(ready('local'), started('lab 1'), removed('lab 1'))).toBe(nothing);
  });
});
