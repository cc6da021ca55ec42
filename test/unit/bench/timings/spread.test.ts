import { describe, expect, it } from 'vitest';
import { medianOf, spreadText } from '../../../../bench/timings/spread.js';

describe('medianOf', () => {
  it('is the middle one, or between the middle ones', () => {
    expect([medianOf([5, 1, 2]), medianOf([1, 4])]).toEqual([2, 2.5]);
  });

  it('throws when there is nothing', () => {
    expect(() => medianOf([])).toThrow('expected at least one time');
  });
});

describe('spreadText', () => {
  it('has the ends where there are several', () => {
    expect([spreadText([4]), spreadText([4, 3, 9])]).toEqual(['4.0 s', '4.0 s (3.0 s to 9.0 s)']);
  });
});
