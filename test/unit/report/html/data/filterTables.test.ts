import { describe, expect, it } from 'vitest';
import { filterTablesOf } from '../../../../../src/report/html/data/filterTables.js';
import { measured } from '../recorded.js';

describe('the packet filters of a phase', () => {
  it('mark the rule that counted what it rejects, and those that no packet matched', async () => {
    const { phase, finding } = await measured('close-server-first');
    const filter = filterTablesOf(phase, finding, undefined).find(
      ({ node, table }) => node === 'director' && table === 'ip filter',
    );
    const marks = Object.fromEntries(filter?.rules.map(({ rule, mark }) => [rule, mark]) ?? []);
    expect(marks).toMatchObject({
      '-A INPUT -j REJECT --reject-with icmp-host-prohibited': 'blamed',
      '-A INPUT -p icmp -j ACCEPT': 'idle',
      '-P INPUT ACCEPT': 'none',
    });
    expect(filter?.rules.find(({ mark }) => mark === 'blamed')?.packets).toBe(
      finding.numbers.rejected[0]?.packets,
    );
  });

  it('blame nobody where nothing was counted, and whom a trace names', async () => {
    const { phase, finding } = await measured('close-server-first');
    const quiet = { ...finding, numbers: { ...finding.numbers, rejected: [] } };
    const blamed = (trace: Parameters<typeof filterTablesOf>[2]) =>
      filterTablesOf(phase, quiet, trace).flatMap(({ rules }) =>
        rules.filter(({ mark }) => mark === 'blamed').map(({ rule }) => rule),
      );
    expect(blamed(undefined)).toEqual([]);
    const rule = '-A INPUT -p icmp -j ACCEPT';
    const culprits = [{ node: 'director', rule, packet: 'TCP FIN,ACK', packets: 1 }];
    expect(blamed({ connections: 1, nodes: ['director'], culprits, problems: [] })).toEqual([rule]);
    expect(
      blamed({
        connections: 1,
        nodes: ['director'],
        culprits: [{ ...culprits[0]!, node: 'client' }],
        problems: [],
      }),
    ).toEqual([]);
  });
});
