import { describe, expect, it } from 'vitest';
import { shuffled } from '../../../../../../src/cli/commands/run/jobs/shuffle.js';

const items = Array.from({ length: 40 }, (_, index) => index);

describe('shuffling', () => {
  it('gives the same order for the same seed, on every machine and for ever', () => {
    expect(shuffled(['a', 'b', 'c', 'd', 'e', 'f'], 'k3v9q2xa')).toEqual(['a', 'e', 'c', 'd', 'f', 'b']);
    expect(shuffled(items, 'x')).toEqual(shuffled(items, 'x'));
  });

  it('gives another order for another seed', () => {
    const orders = new Set(['x', 'y', 'xy', 'yx', ''].map((seed) => shuffled(items, seed).join()));
    expect(orders.size).toBe(5);
  });

  it('loses and doubles nothing, and leaves what it was given alone', () => {
    const before = [...items];
    expect(shuffled(items, 'x').sort((one, other) => one - other)).toEqual(before);
    expect(items).toEqual(before);
  });

  it('favours no order of three', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 6000; seed++) {
      const order = shuffled(['a', 'b', 'c'], `seed ${seed}`).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const n of counts.values()) expect(Math.abs(n - 1000)).toBeLessThan(120);
  });

  it.each([[[]], [['only']]])('has nothing to do for %j', (few) => {
    expect(shuffled(few, 'x')).toEqual(few);
  });
});
