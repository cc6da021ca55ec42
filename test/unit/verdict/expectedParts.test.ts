import { describe, expect, it } from 'vitest';
import { partComplaints } from '../../../src/verdict/expectedParts.js';
import { shareComplaint } from '../../../src/verdict/shareComplaint.js';
import { expectationText } from '../../../src/verdict/model/expectationText.js';
import type { Expectation } from '../../../src/scenario/model/expectation.js';
import type { PhaseFinding } from '../../../src/verdict/model/verdict.js';

const connection = (realserver: string | undefined, fate: 'healthy' | 'unreachable') => ({
  client: '198.18.7.10:1024',
  realserver,
  fate,
  clientState: 'gone' as const,
  realserverState: 'gone' as const,
  ipvsState: undefined,
  because: 'it is so',
});

const connections = [
  connection('realserver1', 'healthy'),
  connection('realserver1', 'healthy'),
  connection('realserver2', 'healthy'),
  connection('realserver2', 'unreachable'),
  connection(undefined, 'unreachable'),
];

const found = {
  connections,
  numbers: {
    connections: 5,
    fates: { healthy: 3, unreachable: 2 },
    sockets: { realserver1: { 'FIN-WAIT-2': 2 } },
    firstByte: { median: 0.5, max: 1 },
  },
} as unknown as PhaseFinding;

const complaintsOf = (parts: Partial<Expectation>, of: PhaseFinding = found): readonly string[] =>
  partComplaints({ outcome: 'healthy', ...parts }, of);

describe('parts of a run that are expected by name', () => {
  it('are nothing where none is named', () => {
    expect(complaintsOf({})).toEqual([]);
  });

  it('are outcomes, each within its bounds', () => {
    expect(complaintsOf({ mix: { healthy: { atLeast: 3 }, unreachable: { atMost: 2 } } })).toEqual([]);
    expect(complaintsOf({ mix: { healthy: { atLeast: 4 }, 'data-lost': { atLeast: 1 } } })).toEqual([
      'Expected at least 4 of 5 connections healthy, found 3.',
      'Expected at least 1 of 5 connections data-lost, found 0.',
    ]);
  });

  it('stand in place of the rule that all connections have the outcome', () => {
    const mix = { healthy: { atLeast: 3 }, unreachable: { atMost: 2 } };
    expect(shareComplaint({ outcome: 'healthy' }, found)).toBe(
      'Expected all 5 connections healthy, found 3 of 5.',
    );
    expect(shareComplaint({ outcome: 'healthy', mix }, found)).toBeUndefined();
    expect(shareComplaint({ outcome: 'data-lost', mix }, found)).toContain('found 0 of 5');
  });

  it('are the connections that were opened later, and all else is then of the others', () => {
    const later = { later: true as const };
    const some = (first: 'healthy' | 'unreachable', second: 'healthy' | 'unreachable') => {
      const all = [connection('realserver1', first), { ...connection('realserver1', second), ...later }];
      const fates = first === second ? { [first]: 2 } : { [first]: 1, [second]: 1 };
      return { connections: all, numbers: { connections: 2, fates } } as unknown as PhaseFinding;
    };
    const expected = { outcome: 'healthy', later: { outcome: 'unreachable' } } as const;
    const said = (of: PhaseFinding) =>
      [shareComplaint(expected, of) ?? [], complaintsOf(expected, of)].flat();
    expect(said(some('healthy', 'unreachable'))).toEqual([]);
    expect(said(some('healthy', 'healthy'))).toEqual([
      'Expected at least 1 of the 1 connections that were opened later unreachable, found 0.',
    ]);
    expect(said(some('unreachable', 'unreachable'))).toEqual([
      'Expected all 1 connections healthy, found 0 of 1.',
    ]);
    // Where nothing is said of them they are like the others.
    expect(shareComplaint({ outcome: 'healthy' }, some('healthy', 'unreachable'))).toContain('found 1 of 2');
    expect(expectationText(expected)).toBe('healthy, of those opened later all unreachable');
  });

  it('are the connections of one realserver', () => {
    expect(complaintsOf({ realservers: { realserver1: { outcome: 'healthy' } } })).toEqual([]);
    expect(
      complaintsOf({ realservers: { realserver2: { connections: { atLeast: 2, atMost: 2 } } } }),
    ).toEqual([]);
    expect(complaintsOf({ realservers: { realserver2: { outcome: 'healthy' } } })).toEqual([
      'Expected at least 2 of the 2 connections that realserver2 served healthy, found 1.',
    ]);
    expect(complaintsOf({ realservers: { realserver1: { connections: { atMost: 1 } } } })).toEqual([
      'Expected at most 1 of the 2 connections that realserver1 served, found 2.',
    ]);
    // One that served nothing has none that could fare well.
    expect(complaintsOf({ realservers: { realserver3: { outcome: 'healthy' } } })).toHaveLength(1);
    expect(complaintsOf({ realservers: { realserver3: { connections: { atMost: 0 } } } })).toEqual([]);
  });

  it('are the sockets that a node is left with', () => {
    expect(complaintsOf({ sockets: { realserver1: { 'FIN-WAIT-2': { atLeast: 2 } } } })).toEqual([]);
    expect(complaintsOf({ sockets: { realserver1: { 'FIN-WAIT-2': { atMost: 0 } } } })).toEqual([
      'Expected at most 0 sockets of realserver1 in FIN-WAIT-2 at the end, found 2.',
    ]);
    expect(complaintsOf({ sockets: { client: { 'LAST-ACK': { atLeast: 1 } } } })).toHaveLength(1);
  });

  it('are the time to the first byte', () => {
    expect(complaintsOf({ firstByte: { atMost: 0.6 } })).toEqual([]);
    expect(complaintsOf({ firstByte: { atMost: 0.4 } })).toEqual([
      'The first byte of the reply came after 500 ms (median), more than the 400 ms expected.',
    ]);
    const silent = { ...found, numbers: { ...found.numbers, firstByte: undefined } };
    expect(complaintsOf({ firstByte: { atMost: 0.6 } }, silent)).toEqual([
      'No reply began, so its first byte has no time to compare.',
    ]);
  });

  it('are told in words', () => {
    expect(
      expectationText({
        outcome: 'healthy',
        mix: { healthy: { atLeast: 3 }, unreachable: { atMost: 2 } },
        realservers: { realserver1: { outcome: 'healthy' }, realserver2: { connections: { atLeast: 1 } } },
        sockets: { client: { 'LAST-ACK': { atMost: 0 } } },
        firstByte: { atMost: 0.6 },
      }),
    ).toBe(
      'healthy, first byte at most 600 ms, at least 3 healthy, at most 2 unreachable, realserver1 all healthy, realserver2 at least 1, client at most 0 in LAST-ACK',
    );
  });
});
