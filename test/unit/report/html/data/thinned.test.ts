import { describe, expect, it } from 'vitest';
import { thinned } from '../../../../../src/report/html/data/thinned.js';

describe('thinned curves', () => {
  const moments = Array.from({ length: 10_000 }, (_, time) => ({
    time,
    values: { steady: 5, peaked: time === 4321 ? 900 : 1 },
  }));

  it('have the first, the last and every peak of each curve, and no more than a plot shows', () => {
    const kept = thinned(moments, ['steady', 'peaked'], 100);
    expect(kept.length).toBeLessThanOrEqual(102);
    expect(kept[0]?.time).toBe(0);
    expect(kept.at(-1)?.time).toBe(9999);
    expect(kept.map(({ time }) => time)).toContain(4321);
    expect(kept.map(({ time }) => time)).toEqual(
      kept.map(({ time }) => time).toSorted((one, other) => one - other),
    );
  });

  it('are all there where a plot shows them', () => {
    expect(thinned(moments.slice(0, 100), ['steady'], 100)).toHaveLength(100);
  });
});
