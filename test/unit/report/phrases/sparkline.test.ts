import { describe, expect, it } from 'vitest';
import { sparkline } from '../../../../src/report/phrases/sparkline.js';

describe('a sparkline', () => {
  it('has a bar for each number, by how it compares with the largest', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 10)).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([0, 700, 350], 10)).toBe('▁█▅');
  });

  it('keeps every peak where there are more numbers than columns', () => {
    const peak = Array.from({ length: 100 }, (_, index) => (index === 57 ? 9 : 0));
    const line = sparkline(peak, 12);
    expect(line.length).toBeLessThanOrEqual(12);
    expect(line).toBe('▁▁▁▁▁▁█▁▁▁▁▁');
    expect(
      sparkline(
        Array.from({ length: 13 }, () => 1),
        12,
      ).length,
    ).toBeLessThanOrEqual(12);
  });

  it('is flat where nothing was counted, and empty without numbers', () => {
    expect(sparkline([0, 0, 0], 5)).toBe('▁▁▁');
    expect(sparkline([], 5)).toBe('');
  });
});
