import { describe, expect, it } from 'vitest';
import { middleOutcome } from '../../../../bench/outcomes/middleOutcome.js';
import { outcome } from './samples.js';

const withRates = (rates: readonly number[]) =>
  rates.map((packetsPerSecond) => outcome('x', { packetsPerSecond }));

describe('middleOutcome', () => {
  it.each([
    [[7], 7],
    [[9, 100, 20], 20],
    [[4, 3, 2, 1], 3],
  ])('of %j is %d', (rates, middle) => {
    expect(middleOutcome(withRates(rates))?.packetsPerSecond).toBe(middle);
  });

  it('of none there is none', () => {
    expect(middleOutcome([])).toBeUndefined();
  });
});
