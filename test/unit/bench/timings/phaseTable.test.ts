import { describe, expect, it } from 'vitest';
import { phaseTable } from '../../../../bench/timings/phaseTable.js';
import { timings } from './samples.js';

describe('phaseTable', () => {
  it('has the phases of the first run, and the median of those runs that had them', () => {
    const first = timings({ 'making the root': 50, control: 7 });
    const warm = [timings({ control: 6 }), timings({ control: 5.5 }), timings({ control: 9 })];
    expect(phaseTable(first, warm).split('\n')).toEqual([
      '| phase | first run | warm run (median of 3) |',
      '| --- | --- | --- |',
      '| making the root | 50.0 s | not needed |',
      '| control | 7.0 s | 6.0 s |',
    ]);
  });
});
