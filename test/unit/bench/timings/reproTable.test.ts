import { describe, expect, it } from 'vitest';
import { reproTable } from '../../../../bench/timings/reproTable.js';
import { reproRun } from './samples.js';

describe('reproTable', () => {
  it('has a row for each start and for each number of busy loops, with medians', () => {
    const runs = [
      reproRun({ start: 'cold', seconds: 180, cpuSeconds: 300 }),
      reproRun({ start: 'warm', seconds: 15, cpuSeconds: 20 }),
      reproRun({ start: 'warm', busyLoops: 8, seconds: 70, cpuSeconds: 22 }),
      reproRun({ start: 'warm', seconds: 14, cpuSeconds: 21 }),
      reproRun({ start: 'warm', seconds: 40, cpuSeconds: 22 }),
    ];
    expect(reproTable(runs).split('\n').slice(2)).toEqual([
      '| cold | nothing | 1 | 3 min 0 s | 5 min 0 s |',
      '| warm | nothing | 3 | 15.0 s (14.0 s to 40.0 s) | 21.0 s (20.0 s to 22.0 s) |',
      '| warm | 8 busy loops | 1 | 1 min 10 s | 22.0 s |',
    ]);
  });
});
