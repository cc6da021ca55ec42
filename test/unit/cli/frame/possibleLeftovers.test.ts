import { describe, expect, it } from 'vitest';
import { PossibleLeftovers } from '../../../../src/cli/frame/possibleLeftovers.js';
import type { LabEvent } from '../../../../src/run/model/labEvents.js';
import { identity } from '../../report/samples.js';

const after = (...events: readonly LabEvent[]): string => {
  const left = new PossibleLeftovers();
  for (const event of events) left.take(event);
  return left.text();
};
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
  it('is what an engine of the user’s own has, or else the folders of VMs, which end by themselves', () => {
    expect(after(ready('local'))).toBe(
      "stopped at once; what may be left: networks and nodes of the run's labs; `lvs-lab clean` removes it",
    );
    expect(after(ready('vm'))).toBe(
      'stopped at once; what may be left: folders of VMs; `lvs-lab clean` removes it',
    );
  });

  it('is what was being made, until it is made or has failed', () => {
    expect(after(step('started'))).toMatch(/left: what was being made \(making the root\); /);
    for (const state of ['finished', 'failed'] as const)
      expect(after(step('started'), step(state))).toBe(
        'stopped at once; run `lvs-lab clean` to remove what may be left',
      );
  });
});
