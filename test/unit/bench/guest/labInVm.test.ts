import { describe, expect, it } from 'vitest';
import { runIdIn } from '../../../../bench/guest/labInVm.js';
import { heldLabText } from '../../../../src/cli/commands/up/heldLab.js';

describe('runIdIn', () => {
  it('is read in what `lvs-lab up` prints', () => {
    const said = heldLabText({ scenario: 'bench/guest', runId: '8f3a2c', nodes: ['client', 'director'] });
    expect(runIdIn(said)).toBe('8f3a2c');
  });

  it('is missed in anything else', () => {
    expect(() => runIdIn('bench/guest is going up')).toThrow('expected `lvs-lab up` to name its lab');
  });
});
