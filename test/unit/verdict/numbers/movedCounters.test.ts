import { describe, expect, it } from 'vitest';
import { movedCounters } from '../../../../src/verdict/numbers/movedCounters.js';
import { phaseOf, withNode } from '../evidence.js';
import { healthy } from '../dialogue.js';

const moved = (counters: Record<string, number>, conntrack?: Record<string, number>, vip = '198.18.0.9') => {
  const { nodes } = withNode(phaseOf([healthy(40_000)]), 'director', { counters, conntrack });
  return movedCounters(nodes, vip).map(
    ({ node, counter, increment }) => `${node} ${counter} ${String(increment)}`,
  );
};

describe('counters that moved', () => {
  it.each([
    'TcpExtIPReversePathFilter',
    'IpInAddrErrors',
    'IpInNoRoutes',
    'IpExtInNoRoutes',
    'IpInDiscards',
    'TcpInCsumErrors',
    'TcpInErrs',
    'TcpExtListenDrops',
    'TcpExtListenOverflows',
    'TcpExtTCPReqQFullDrop',
    'TcpExtPAWSEstab',
    'TcpExtTCPTimeWaitOverflow',
    'TcpExtTCPOrphanQueue',
    'TcpOutRsts',
    'TcpExtTCPSomethingNewDrop',
  ])('are those of losses: %s', (counter) => {
    expect(moved({ [counter]: 20 })).toEqual([`director ${counter} 20`]);
    expect(moved({ [counter]: 0 })).toEqual([]);
  });

  it.each([
    'IpInReceives',
    'TcpInSegs',
    'TcpRetransSegs',
    'TcpExtTCPTimeouts',
    'IcmpInDestUnreachs',
    'IpExtInOctets',
  ])('are not those of traffic, nor what follows from a loss: %s', (counter) => {
    expect(moved({ [counter]: 20 })).toEqual([]);
  });

  it("are IPv6's only beside an IPv6 service", () => {
    expect(moved({ Ip6InNoRoutes: 1 })).toEqual([]);
    expect(moved({ Ip6InNoRoutes: 1 }, undefined, '2001:db8::9')).toEqual(['director Ip6InNoRoutes 1']);
  });

  it("are connection tracking's, too", () => {
    expect(moved({}, { invalid: 32, insert_failed: 0, found: 9, early_drop: 2 })).toEqual([
      'director conntrack invalid 32',
      'director conntrack early_drop 2',
    ]);
  });

  it('are none that were counted since nobody knows when', () => {
    const { nodes } = withNode(phaseOf([healthy(40_000)]), 'director', {
      conntrack: { invalid: 32 },
      conntrackOfLab: true,
    });
    expect(movedCounters(nodes, '198.18.0.9')).toEqual([]);
  });
});
