import { describe, expect, it } from 'vitest';
import { phaseTable } from '../../../../bench/timings/phaseTable.js';
import { reproRun } from './samples.js';

describe('phaseTable', () => {
  it('has the median of each phase over those runs that had it, without runs that others disturbed', () => {
    const runs = [
      reproRun({ start: 'cold', phases: { 'making the root': 50, control: 7 } }),
      reproRun({ start: 'warm', phases: { control: 6 } }),
      reproRun({ start: 'warm', phases: { control: 5.5 } }),
      reproRun({ start: 'warm', phases: { control: 9 } }),
      reproRun({ start: 'warm', busyLoops: 8, phases: { control: 90, late: 1 } }),
    ];
    expect(phaseTable(runs).split('\n')).toEqual([
      '| phase, median | cold | warm |',
      '| --- | --- | --- |',
      '| making the root | 50.0 s | not needed |',
      '| control | 7.0 s | 6.0 s |',
    ]);
  });
});
