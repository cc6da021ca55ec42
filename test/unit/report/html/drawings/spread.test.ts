import { describe, expect, it } from 'vitest';
import { spread } from '../../../../../src/report/html/drawings/spread.js';

describe('places that are spread', () => {
  it('keep their order and the distance that names need, above the end', () => {
    expect(spread([100, 100, 100], 10, 105)).toEqual([85, 95, 105]);
    expect(spread([50, 10, 52], 10, 100)).toEqual([50, 10, 60]);
  });

  it('stay where they are when they have room', () => {
    expect(spread([10, 90, 40], 10, 100)).toEqual([10, 90, 40]);
    expect(spread([], 10, 100)).toEqual([]);
  });
});
