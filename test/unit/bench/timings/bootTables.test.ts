import { describe, expect, it } from 'vitest';
import { guestStartTable, secondKernelTable } from '../../../../bench/timings/bootTables.js';
import { timings } from './samples.js';

describe('guestStartTable', () => {
  it('has median, least and most of both kinds of start, and what they are to each other', () => {
    const starts = { booted: [12.4, 12, 13], restored: [1.3, 1.5, 1.2] };
    expect(guestStartTable(starts).split('\n')).toEqual([
      '| Docker answers in a guest that is | median of 3 | least | most |',
      '| --- | --- | --- | --- |',
      '| booted | 12.4 s | 12.0 s | 13.0 s |',
      '| started from its saved machine | 1.3 s | 1.2 s | 1.5 s |',
      '| ratio | 0.10 |  |  |',
    ]);
  });

  it('has the mean of the two in the middle', () => {
    expect(guestStartTable({ booted: [10, 20], restored: [1, 2] })).toContain('| booted | 15.0 s | 10.0 s |');
  });

  it('cannot be made of nothing', () => {
    expect(() => guestStartTable({ booted: [], restored: [1] })).toThrow('at least one time');
  });
});

describe('secondKernelTable', () => {
  it('has what was done for it', () => {
    const table = secondKernelTable('debian:trixie', timings({ 'booting the guest': 10.8, 'in all': 72 }));
    expect(table.split('\n')).toEqual([
      '| what the second kernel, debian:trixie, costs |  |',
      '| --- | --- |',
      '| booting the guest | 10.8 s |',
      '| in all | 1 min 12 s |',
    ]);
  });
});
