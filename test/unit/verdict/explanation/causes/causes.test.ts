import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readScenarioEvidence } from '../../../../../src/evidence/directory/read.js';
import type { NodeEvidence, PhaseEvidence } from '../../../../../src/evidence/model/evidence.js';
import type { KernelPassage, ListedService, ServicesFrom } from '../../../../../src/evidence/model/traced.js';
import type { ConnectionFate, PhaseFinding } from '../../../../../src/verdict/model/verdict.js';
import { followedNodes } from '../../../../../src/verdict/explanation/packets/followedPackets.js';
import { packageRoot } from '../../../../../src/support/packageRoot.js';
import { otherCause } from '../../../../../src/verdict/explanation/causes/causes.js';
import { findingOf } from '../../../../../src/verdict/finding.js';

const recorded = path.join(packageRoot, 'test', 'fixtures', 'explained', 'client-reset');
const { phase, kernel, nodes } = (await readScenarioEvidence(recorded)).traced!;
const found = findingOf(phase!);
const [connection] = found.connections;
const passages = kernel!.passages!;

describe('a counter of what connection tracking dropped', () => {
  const causeWith = (drop: number, change: Partial<KernelPassage>, of: Partial<NodeEvidence> = {}) =>
    otherCause(
      {
        ...phase!,
        nodes: phase!.nodes.map((node) =>
          node.role === 'director' ? { ...node, conntrack: { drop }, ...of } : node,
        ),
      },
      { ...found, signal: { kind: 'silence' } },
      connection!,
      { nodes: [], passages: passages.map((one) => ({ ...one, ...change })) },
    );

  it('is to blame, and the kernel is seen to have thrown packets away', () => {
    const cause = causeWith(4, { isDropped: true, entry: undefined });
    expect(cause?.blame).toMatchObject({ kind: 'counter', what: 'conntrack drop', node: 'director' });
    expect(cause?.because.at(-1)).toBe(
      "in director's kernel nf_conntrack_in threw away 5 of the 5 packets that came of this connection, before it had an entry of them",
    );
  });

  it('is told alone where the kernel was not seen to, or another node did', () => {
    expect(causeWith(4, {})?.because).toHaveLength(1);
    expect(causeWith(4, { isDropped: true, entry: 'known' })?.because).toHaveLength(1);
    expect(
      causeWith(4, { isDropped: true, entry: undefined, mac: '02:00:00:00:00:01' })?.because,
    ).toHaveLength(1);
    expect(causeWith(0, { isDropped: true, entry: undefined })).toBeUndefined();
  });
});

/** The phase with this done to each node, and to its entries of IPVS. */
const changed = (
  change: (node: NodeEvidence) => Partial<NodeEvidence>,
  ipvs: PhaseEvidence['ipvs'] = phase!.ipvs,
): PhaseEvidence => ({
  ...phase!,
  ipvs,
  nodes: phase!.nodes.map((node) => ({ ...node, ...change(node) })),
});
const silence: PhaseFinding['signal'] = { kind: 'silence' };
const director = phase!.nodes.find(({ name }) => name === 'director')!;
const realserver = phase!.nodes.find(({ name }) => name === connection!.realserver)!;
/** The client's segment that the director did not send on: its RST. */
const refused = director.capture!.segments.find(
  ({ flags, destinationMac }) => flags.rst && director.macs.includes(destinationMac),
)!;

/** What explains the connection, with services of IPVS over time. */
function causeAmong(
  within: PhaseEvidence,
  signal: PhaseFinding['signal'],
  services?: readonly ServicesFrom[],
  of: Partial<ConnectionFate> = {},
) {
  const followed = nodes.map((node) => (node.name === 'director' ? { ...node, services } : node));
  return otherCause(
    within,
    { ...found, signal },
    { ...connection!, ...of },
    {
      nodes: followedNodes(followed, within),
      passages: [],
    },
  );
}

describe('a service of IPVS', () => {
  const listed: ListedService = {
    ...{ service: '-t 198.19.252.100:80', scheduler: 'sh' },
    realservers: [
      { address: '198.19.252.21', weight: 1 },
      { address: '198.19.252.22', weight: 0 },
    ],
  };
  const reset: PhaseFinding['signal'] = { kind: 'tcp-reset', from: 'director' };
  /** Emptied that many seconds before the packet came, and restored later. */
  const emptied = (seconds: number, others: readonly ListedService[] = []) => [
    { time: 0, services: [listed, ...others] },
    { time: refused.time - seconds, services: others },
    { time: refused.time - seconds + 10, services: [listed, ...others] },
  ];

  it('is to blame where it was gone when the packet came, although it was there again later', () => {
    const cause = causeAmong(phase!, reset, emptied(1));
    expect(cause?.blame).toEqual({
      ...{ kind: 'ipvs-service', what: 'gone', node: 'director', role: 'director' },
    });
    expect(cause?.because[0]).toMatch(
      /^IPVS on director had no service at all when the client's RST came: it was gone \S+ s after the load began, there again \S+ s after/,
    );
    expect(cause?.because[1]).toContain("it came to director's own TCP");
  });

  it('is not where it was gone before or behind the packet, or another one may have taken it', () => {
    const kinds = [
      ...[emptied(-1), emptied(11), undefined],
      ...[
        emptied(1, [{ ...listed, service: '-f 7' }]),
        emptied(1, [{ ...listed, service: '-t 198.19.252.100:0' }]),
      ],
    ].map((services) => causeAmong(phase!, reset, services)?.blame.kind);
    expect(kinds).not.toContain('ipvs-service');
    const other = causeAmong(phase!, reset, emptied(1, [{ ...listed, service: '-t 198.19.252.100:81' }]));
    expect(other?.because[0]).toContain('had no service -t 198.19.252.100:80 when');
  });

  it('is to blame where IPVS found none of its realservers for the packet, and told the client so', () => {
    const unreachable: PhaseFinding['signal'] = { kind: 'icmp', type: 3, code: 3, from: 'director' };
    const always = [{ time: 0, services: [listed] }];
    const told = (signal: PhaseFinding['signal'], ipvs: PhaseEvidence['ipvs'] = []) =>
      causeAmong(
        changed(() => ({}), ipvs),
        signal,
        always,
      );
    const cause = told(unreachable);
    expect(cause?.blame).toMatchObject({ kind: 'ipvs-service', what: 'without-realserver' });
    expect(cause?.because[0]).toContain('(sh; 198.19.252.21 with weight 1, 198.19.252.22 with weight 0)');
    expect(told({ ...unreachable, from: 'router' })?.blame).toBeUndefined();
    expect(told({ ...unreachable, code: 10 })?.blame).toBeUndefined();
    const entries = [{ node: 'director', time: 1, connections: [entryFor('198.19.252.22')] }];
    expect(told(unreachable, entries)?.blame.kind).not.toBe('ipvs-service');
  });
});

/** An entry that IPVS has of the connection. */
function entryFor(address: string): PhaseEvidence['ipvs'][number]['connections'][number] {
  const [clientAddress = '', port] = connection!.client.split(':');
  return {
    ...{ protocol: 'UDP', state: 'UDP', expires: 300, clientAddress, clientPort: Number(port) },
    ...{ vip: '198.19.252.100', vport: 53, realserver: address, rport: 53 },
  };
}

describe('an entry of IPVS for a realserver with weight 0', () => {
  const [address = ''] = realserver.addresses;
  const told = (weight: number, fate: ConnectionFate['fate']) =>
    causeAmong(
      changed(
        ({ role }) =>
          role === 'director'
            ? { ipvsSaved: [{ service: '-u 198.19.252.100:53', realserver: address, weight }] }
            : {},
        [{ node: 'director', time: Infinity, connections: [entryFor(address)] }],
      ),
      silence,
      undefined,
      { fate },
    )?.blame;

  it('is to blame where the realserver goes on to answer', () => {
    expect(told(0, 'answered-stale')).toEqual({
      ...{ kind: 'ipvs-entry', what: 'drained', node: 'director', role: 'director' },
    });
    expect(told(1, 'answered-stale')).toBeUndefined();
    expect(told(0, 'unanswered')).toBeUndefined();
  });
});

describe('a director that takes packets for no address of its own', () => {
  const counting = (node: string, IpInAddrErrors: number, of: Partial<ConnectionFate> = {}) =>
    causeAmong(
      changed(({ name }) => (name === node ? { counters: { IpInAddrErrors } } : {})),
      silence,
      undefined,
      of,
    );

  it('is told by its counter of them', () => {
    const cause = counting('director', 4);
    expect(cause?.blame).toEqual({
      ...{ kind: 'counter', what: 'IpInAddrErrors', node: 'director', role: 'director' },
    });
    expect(cause?.because[0]).toContain('threw 4 packets away: they were for no address');
  });

  it('is not by none, by another node, or where it sent on all that came of the connection', () => {
    expect(counting('director', 0)).toBeUndefined();
    expect(counting('client', 4)).toBeUndefined();
    expect(counting('director', 4, { client: '198.19.252.10:1' })).toBeUndefined();
  });
});

describe('a realserver', () => {
  const counting = (counters: Readonly<Record<string, number>>) =>
    causeAmong(
      changed(({ name }) => (name === realserver.name ? { counters } : {})),
      silence,
    );

  it('is told to have thrown packets away by the counter of why it did', () => {
    const cause = counting({ TcpExtIPReversePathFilter: 5 });
    expect(cause?.blame).toEqual({
      ...{ kind: 'counter', what: 'TcpExtIPReversePathFilter' },
      ...{ node: realserver.name, role: 'realserver' },
    });
    expect(cause?.because[0]).toContain('threw 5 packets away');
    expect(counting({ TcpExtListenOverflows: 1 })?.blame.what).toBe('TcpExtListenOverflows');
    expect(counting({ TcpExtIPReversePathFilter: 0 })).toBeUndefined();
  });

  it('had no route for its answer, and that is told before the SYN that it dropped therefore', () => {
    const cause = counting({ TcpExtListenDrops: 3, IpOutNoRoutes: 3 });
    expect(cause?.blame.what).toBe('IpOutNoRoutes');
    expect(cause?.because[0]).toContain('no route for its answer');
    expect(counting({ TcpExtListenDrops: 3, IpOutNoRoutes: 0 })?.blame.what).toBe('TcpExtListenDrops');
  });

  /**
   * Nothing is heard of the realserver from when it had answered the SYN, and its kernel counted so many packets; the director asked for its
   * hardware address at these times behind that, and sent the request on again so many times.
   */
  const silent = (received: number | undefined, asked: readonly number[] = [], again = 0) => {
    const synAck = phase!.nodes
      .flatMap(({ capture }) => capture?.segments ?? [])
      .find(({ flags, sourceMac }) => flags.syn && flags.ack && realserver.macs.includes(sourceMac))!;
    const request = director.capture!.segments.find(
      ({ payloadLength, destinationMac }) => payloadLength > 0 && realserver.macs.includes(destinationMac),
    )!;
    const [sourceMac = ''] = director.macs;
    const questions = asked.map((seconds) => ({
      ...{ time: synAck.time + seconds, sourceMac, destinationMac: 'ff:ff:ff:ff:ff:ff' },
      ...{ family: 'ipv4' as const, asks: realserver.addresses[0], claims: undefined },
    }));
    const within = changed(({ name, capture }) => ({
      ...(name === realserver.name
        ? { counters: received === undefined ? {} : { IpExtInNoECTPkts: received } }
        : {}),
      ...(capture === undefined
        ? {}
        : {
            capture: {
              ...capture,
              segments: [
                ...capture.segments.filter(
                  (one) => one.time <= synAck.time || !realserver.macs.includes(one.sourceMac),
                ),
                ...(name === 'director' ? Array.from({ length: again }, () => request) : []),
              ],
              neighbours: [
                ...capture.neighbours.filter((one) => !realserver.macs.includes(one.sourceMac)),
                ...(name === 'director' ? questions : []),
              ],
            },
          }),
    }));
    return causeAmong(within, silence);
  };

  it('is no longer there where what the director sent on is more than came to it', () => {
    const cause = silent(1);
    expect(cause?.blame).toEqual({
      ...{ kind: 'path', what: 'forwarded', node: realserver.name, role: 'realserver' },
    });
    expect(cause?.because).toEqual([
      `IPVS sent 4 packets to ${realserver.name}, and its kernel counted 1 that came: 3 did not; nothing came from ${realserver.name} any more, though 1 more of the connection's asked for an answer`,
    ]);
  });

  it('may have got the first of those that it did not answer, but no other', () => {
    expect(silent(4, [], 3)?.blame.what).toBe('forwarded');
    expect(silent(5, [], 3)).toBeUndefined();
  });

  it('is there where as many came, or it was heard, and where nothing counts them nobody knows', () => {
    expect(silent(4)).toBeUndefined();
    expect(silent(undefined)).toBeUndefined();
    expect(counting({ IpExtInNoECTPkts: 1 })).toBeUndefined();
  });

  it('is no longer there where a director asked for its hardware address and nobody answered', () => {
    expect(silent(4, [1, 2])?.because).toEqual([
      `the director asked 2 times for the hardware address of ${realserver.name}, and nobody answered`,
    ]);
    expect(silent(4, [-1])).toBeUndefined();
  });
});
