import { describe, expect, it } from 'vitest';
import { parseServiceHistory } from '../../../../src/evidence/trace/serviceHistory.js';

/** As Linux 6.1 prints them, without the columns of connections. */
const listed = [
  '@ 1764491629.585140',
  'TCP  C613FC64:0050 sh  ',
  '  -> C613FC15:0050      Route   1',
  '  -> C613FC16:0050      Route   0',
  'UDP  C613FC64:0035 rr ops ',
  '@ 1764491631.700000',
  '@ 1764491641.9',
  'TCP  [fd00:0000:0000:0000:0000:0000:0000:0064]:0050 wlc ',
  '  -> [fd00:0000:0000:0000:0000:0000:0000:0015]:1F90      Tunnel  10     3          0',
  'FWM  0000000A rr persistent 60 FFFFFFFF',
];

describe('what services IPVS had', () => {
  it('is each listing with its time, named as ipvsadm does, with realservers and weights', () => {
    expect(parseServiceHistory(listed.join('\n'))).toEqual([
      {
        time: 1764491629.58514,
        services: [
          {
            ...{ service: '-t 198.19.252.100:80', scheduler: 'sh' },
            realservers: [
              { address: '198.19.252.21', weight: 1 },
              { address: '198.19.252.22', weight: 0 },
            ],
          },
          { service: '-u 198.19.252.100:53', scheduler: 'rr', realservers: [] },
        ],
      },
      { time: 1764491631.7, services: [] },
      {
        time: 1764491641.9,
        services: [
          {
            ...{ service: '-t [fd00::64]:80', scheduler: 'wlc' },
            realservers: [{ address: 'fd00::15', weight: 10 }],
          },
          { service: '-f 10', scheduler: 'rr', realservers: [] },
        ],
      },
    ]);
  });

  it.each([
    ['a row before the first time', listed.slice(1)],
    ['a protocol that IPVS has not', ['@ 1.5', 'ABC  C613FC64:0050 rr ']],
    ['an address that is none', ['@ 1.5', 'TCP  C613FC:0050 rr ']],
    ['a realserver of no service', ['@ 1.5', '  -> C613FC15:0050      Route   1']],
  ])('is an error with %s', (_what, rows) => {
    expect(() => parseServiceHistory(rows.join('\n'))).toThrow('Expected a row of /proc/net/ip_vs');
  });
});
