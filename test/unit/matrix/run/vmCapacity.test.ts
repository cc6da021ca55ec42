import { describe, expect, it } from 'vitest';
import { vmCapacity } from '../../../../src/matrix/run/vmCapacity.js';

const shape = { cpus: 4, memory: 2048 };

describe('room for VMs', () => {
  it.each([
    ['one on a small machine', { processors: 2, memoryBytes: 24e9 }, { cpus: 2, memory: 2048 }, 1],
    ['one where there is not even room for that', { processors: 1, memoryBytes: 1e9 }, shape, 1],
    ['as many as processors allow', { processors: 17, memoryBytes: 64e9 }, shape, 4],
    ['as many as memory allows', { processors: 64, memoryBytes: 16e9 }, shape, 4],
  ])('is %s', (_, machine, vm, room) => {
    expect(vmCapacity(machine, vm)).toBe(room);
  });
});
