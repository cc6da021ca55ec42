import { describe, expect, it } from 'vitest';
import { outcomeTable } from '../../../../bench/outcomes/outcomeTable.js';
import { outcome } from './samples.js';

describe('outcomeTable', () => {
  it('rounds, and leaves out what a tool does not do', () => {
    const outcomes = [
      outcome('wrk', {
        connectionsPerSecond: 13_432.47,
        packetsPerSecond: 134_698.6,
        cpuMicrosecondsPerConnection: 73.26,
        cpuMicrosecondsPerPacket: 7.306,
        residentBytes: 6_144_000,
        remarks: ['1 failed', '2 late'],
      }),
      outcome('hping3', { kind: 'SYNs, dropped' }),
    ];
    expect(outcomeTable(outcomes).split('\n')).toEqual([
      '| tool | work | connections/s | packets/s | CPU/connection | CPU/packet | memory | remarks |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
      '| wrk | conversations | 13,432 | 134,699 | 73.3 us | 7.3 us | 6.1 MB | 1 failed; 2 late |',
      '| hping3 | SYNs, dropped |  | 100 |  | 2.0 us | 1.5 MB |  |',
    ]);
  });
});
