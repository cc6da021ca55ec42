import { describe, expect, it } from 'vitest';
import type { TcpState } from '../../../src/contracts/words/network.js';
import type {
  Capture,
  CapturedSegment,
  NodeEvidence,
  PhaseEvidence,
  Socket,
} from '../../../src/evidence/model/evidence.js';
import { labNodesOf } from '../../../src/verdict/captures/labNodes.js';
import { martianCause } from '../../../src/verdict/explanation/causes/martianCause.js';
import { findingOf } from '../../../src/verdict/finding.js';
import { Dialogue, flags, incomplete } from './dialogue.js';
import { phaseOf, withNode } from './evidence.js';
import { addresses, flat, macs, port, type Network } from './network.js';

const localPort = 12_000;
const loopback = '00:00:00:00:00:00';
const vip = flat.vip;
const { director, realserver1, realserver2 } = addresses;

interface Ends {
  readonly from: string;
  readonly to: string;
  readonly sourceMac: string;
  readonly destinationMac: string;
}
type Line = readonly [who: 'client' | 'server', text: string, seq: number, ack: number, payload?: number];

/** Handshake, request, reply and a close that the server begins. */
const served: readonly Line[] = [
  ['client', 'S', 1000, 0],
  ['server', 'S.', 5000, 1001],
  ['client', '.', 1001, 5001],
  ['client', 'P.', 1001, 5001, 100],
  ['server', 'P.', 5001, 1101, 200],
  ['server', 'F.', 5201, 1101],
  ['client', 'F.', 1101, 5202],
  ['server', '.', 5202, 1102],
];
const unanswered: readonly Line[] = [
  ['client', 'S', 1000, 0],
  ['client', 'S', 1000, 0],
];

/** Segments between the client's end and a server's, both as one interface has them. */
function captured(lines: readonly Line[], { from, to, sourceMac, destinationMac }: Ends): CapturedSegment[] {
  return lines.map(([who, text, sequence, acknowledgement, payloadLength = 0]) => {
    const isClients = who === 'client';
    return {
      time: 100,
      ttl: 64,
      tunnelled: false,
      source: isClients ? from : to,
      sourcePort: isClients ? localPort : port,
      destination: isClients ? to : from,
      destinationPort: isClients ? port : localPort,
      sourceMac: isClients ? sourceMac : destinationMac,
      destinationMac: isClients ? destinationMac : sourceMac,
      flags: flags(text),
      sequence,
      acknowledgement,
      payloadLength,
    };
  });
}

const capture = (segments: readonly CapturedSegment[], icmp: Capture['icmp'] = []): Capture => ({
  ...{ segments, icmp, neighbours: [], other: {}, truncated: false },
});

const socket = (state: TcpState, local: string, peer: string): Socket => {
  const isClients = !local.endsWith(':80');
  const [localAddress, peerAddress] = [local.replace(/:\d+$/, ''), peer.replace(/:\d+$/, '')];
  return {
    ...{ state, localAddress, peerAddress },
    localPort: isClients ? localPort : port,
    peerPort: isClients ? port : localPort,
  };
};
const samples = (...sockets: readonly Socket[]): Pick<NodeEvidence, 'samples'> => ({
  samples: [{ time: 110, until: 110, sockets }],
});

/** A phase whose one connection is made on this node from this address; its captures and sockets are still to be told. */
function phaseFrom(client: string, localAddress: string, network: Network, isServed: boolean): PhaseEvidence {
  const dialogue = new Dialogue(localPort, { ...network, client: localAddress });
  if (!isServed) incomplete(dialogue, false, 'ETIMEDOUT');
  dialogue.ipvsState = isServed ? 'FIN_WAIT' : 'SYN_RECV';
  const phase = phaseOf([dialogue], { realservers: 2 });
  return { ...phase, client };
}

const nat: Network = { ...flat, forwarding: 'nat' };

/** The director's own connection through NAT: IPVS translates above the interface, both ways. */
function directorByNat(): PhaseEvidence {
  const phase = phaseFrom('director', vip, nat, true);
  const ends = { from: vip, to: realserver1, sourceMac: macs.director, destinationMac: macs.realserver1 };
  return withNode(
    withNode(phase, 'director', { capture: capture(captured(served, ends)), ...samples() }),
    'realserver1',
    samples(socket('TIME-WAIT', `${realserver1}:80`, `${vip}:${localPort}`)),
  );
}

/** The director's own connection with direct routing: to the realserver its SYN comes from the realserver's own VIP. */
function directorByDr(from = vip): PhaseEvidence {
  const phase = phaseFrom('director', from, flat, false);
  const ends = { from, to: vip, sourceMac: macs.director, destinationMac: macs.realserver1 };
  return withNode(phase, 'director', {
    capture: capture(captured(unanswered, ends)),
    ...samples(socket('SYN-SENT', `${from}:${localPort}`, `${vip}:80`)),
  });
}

/** A realserver's own connection with direct routing, which never leaves it. */
function realserverByDr(): PhaseEvidence {
  const phase = phaseFrom('realserver1', vip, flat, true);
  const ends = { from: vip, to: vip, sourceMac: loopback, destinationMac: loopback };
  return withNode({ ...phase, ipvs: phase.ipvs.map((one) => ({ ...one, connections: [] })) }, 'realserver1', {
    capture: capture(captured(served, ends)),
    ...samples(socket('TIME-WAIT', `${vip}:80`, `${vip}:${localPort}`)),
  });
}

/** A realserver's own connection through NAT, which IPVS gave to the other realserver: that answers past the director. */
function realserverByNat(): PhaseEvidence {
  const phase = phaseFrom('realserver1', realserver1, nat, false);
  const toVip = { from: realserver1, to: vip, sourceMac: macs.realserver1, destinationMac: macs.director };
  const onward = { ...toVip, to: realserver2, sourceMac: macs.director, destinationMac: macs.realserver2 };
  const back = { ...toVip, to: realserver2, destinationMac: macs.realserver2 };
  const answer = captured([['server', 'S.', 5000, 1001]], back);
  const [syn] = [captured([['client', 'S', 1000, 0]], toVip)];
  const reset = captured([['client', 'R', 1001, 0]], back);
  return {
    ...withNode(
      withNode(phase, 'realserver1', {
        capture: capture([...syn, ...answer, ...reset]),
        ...samples(socket('SYN-SENT', `${realserver1}:${localPort}`, `${vip}:80`)),
      }),
      'director',
      { capture: capture([...syn, ...captured([['client', 'S', 1000, 0]], onward)]) },
    ),
    servers: [vip, realserver1, realserver2],
  };
}

describe('a connection that is made on the director', () => {
  it('is healthy through NAT, which translates above the interface', () => {
    const finding = findingOf(directorByNat());
    expect(finding).toMatchObject({ outcome: 'healthy', unsound: [] });
    expect(finding.connections[0]).toMatchObject({
      client: `${vip}:${localPort}`,
      realserver: 'realserver1',
    });
  });

  it('is not what the same segments would be of the client', () => {
    expect(findingOf({ ...directorByNat(), client: undefined }).unsound).not.toEqual([]);
  });

  it('is sent on by IPVS where it leaves, and not past the director', () => {
    const finding = findingOf(directorByDr());
    expect(finding).toMatchObject({ outcome: 'unreachable', signal: { kind: 'silence' }, unsound: [] });
    expect(finding.connections[0]?.because).toContain('the director forwarded the SYN');
  });

  it('was tried when its socket waits for an answer, though no interface has its SYN', () => {
    const unseen = withNode(directorByDr(), 'director', { capture: capture([]) });
    expect(findingOf(unseen)).toMatchObject({ outcome: 'unreachable' });
    expect(findingOf(withNode(unseen, 'director', samples())).outcome).toBeUndefined();
  });

  it('is sound where the director asks for the realserver in vain, and nothing leaves it', () => {
    const asking = (asks: string): PhaseEvidence =>
      withNode(directorByDr(), 'director', {
        capture: {
          ...capture([]),
          neighbours: [
            {
              ...{ time: 100, family: 'ipv4', sourceMac: macs.director, destinationMac: 'ff:ff:ff:ff:ff:ff' },
              ...{ asks, claims: vip },
            },
          ],
        },
      });
    const finding = findingOf(asking(realserver1));
    expect(finding).toMatchObject({ outcome: 'unreachable', unsound: [] });
    expect(finding.connections[0]?.because).toContain('who has');
    expect(findingOf(asking('10.0.0.77')).unsound.join()).toContain('has no TCP segment');
  });

  it('is not told what the rules there tell the realserver', () => {
    const phase = directorByDr();
    const told = (sourceMac: string, destinationMac: string): PhaseEvidence =>
      withNode(phase, 'director', {
        capture: capture(phase.nodes.find(({ name }) => name === 'director')?.capture?.segments ?? [], [
          {
            ...{ time: 101, sourceMac, destinationMac, family: 'ipv4', type: 3, code: 10 },
            source: vip,
            destination: realserver1,
            quoted: {
              ...{ source: vip, sourcePort: port, destination: vip, destinationPort: localPort },
              flags: flags('S.'),
            },
          },
        ]),
      });
    expect(findingOf(told(macs.director, macs.realserver1)).signal).toEqual({ kind: 'silence' });
    expect(findingOf(told(macs.realserver1, macs.director)).signal).toMatchObject({ from: 'realserver' });
  });
});

describe('a connection that is made on a realserver', () => {
  it('goes past the director where the VIP is its own', () => {
    const finding = findingOf(realserverByDr());
    expect(finding).toMatchObject({ outcome: 'bypassed', unsound: [] });
    expect(finding.connections[0]).toMatchObject({ realserver: 'realserver1' });
    expect(finding.connections[0]?.because).toContain('its SYN went to realserver1');
    expect(findingOf({ ...realserverByDr(), client: undefined }).outcome).not.toBe('bypassed');
  });

  it('counts sockets of both of its ends once', () => {
    expect(findingOf(realserverByDr()).numbers.sockets).toEqual({
      realserver1: { 'TIME-WAIT': 1 },
      realserver2: {},
    });
  });

  it('is answered by a stranger where another realserver answers it past the director', () => {
    const finding = findingOf(realserverByNat());
    expect(finding).toMatchObject({
      outcome: 'handshake-blocked',
      signal: { kind: 'silence' },
      unsound: [],
    });
    expect(finding.connections[0]?.because).toContain("came from realserver2's own address");
  });
});

describe('packets that look forged to the realserver that they are sent on to', () => {
  const fate = (client: string) =>
    ({ client, realserver: 'realserver1', fate: 'unreachable' }) as Parameters<typeof martianCause>[2];
  const causeOf = (phase: PhaseEvidence, from: string) =>
    martianCause(phase, labNodesOf(phase), fate(`${from}:${localPort}`));

  it('come from an address that it has too', () => {
    expect(causeOf(directorByDr(), vip)).toMatchObject({
      blame: { kind: 'path', what: 'martians', node: 'realserver1' },
    });
  });

  it.each([
    ["the director's own address", director],
    ["another realserver's", realserver2],
  ])('do not come from %s', (_, from) => {
    expect(causeOf(directorByDr(from), from)).toBeUndefined();
  });

  it('come from its own address through NAT, but not from the VIP, which it does not have', () => {
    const byNat = (from: string): PhaseEvidence => ({ ...directorByDr(from), forwarding: 'nat' });
    expect(causeOf(byNat(realserver1), realserver1)).toMatchObject({ blame: { what: 'martians' } });
    expect(causeOf(byNat(vip), vip)).toBeUndefined();
  });

  it('are not answered', () => {
    const phase = directorByDr();
    const answer = { from: vip, to: vip, sourceMac: macs.director, destinationMac: macs.realserver1 };
    const segments = phase.nodes.find(({ name }) => name === 'director')?.capture?.segments ?? [];
    const answered = withNode(phase, 'director', {
      capture: capture([...segments, ...captured([['server', 'S.', 5000, 1001]], answer)]),
    });
    expect(causeOf(answered, vip)).toBeUndefined();
  });
});
