import { describe, expect, it } from 'vitest';
import { roundScale, tightScale } from '../../../../../src/report/html/drawings/scale.js';

describe('a scale from tick to tick', () => {
  it('has round ticks from below the least to above the most', () => {
    const { ticks, at } = roundScale({ least: 0, most: 20_346 }, { from: 200, to: 0 }, 4);
    expect(ticks).toEqual([0, 10_000, 20_000, 30_000]);
    expect(at(0)).toBe(200);
    expect(at(30_000)).toBe(0);
  });
});

describe('a scale as long as its range', () => {
  it('begins and ends where that does, with round ticks between', () => {
    const { ticks, at } = tightScale({ least: -0.5, most: 4.3 }, { from: 0, to: 100 }, 6);
    expect(ticks).toEqual([0, 1, 2, 3, 4]);
    expect(at(-0.5)).toBe(0);
    expect(at(4.3)).toBe(100);
  });
});

describe('either', () => {
  it.each([roundScale, tightScale])('is one also where there is nothing to tell apart', (scaleOf) => {
    for (const value of [0, 7]) {
      const { ticks, at } = scaleOf({ least: value, most: value }, { from: 0, to: 10 }, 4);
      expect(ticks.length).toBeGreaterThan(0);
      expect(at(value)).toBe(0);
    }
  });
});
