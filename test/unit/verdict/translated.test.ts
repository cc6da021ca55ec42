import { describe, expect, it } from 'vitest';
import type {
  CapturedSegment,
  NodeEvidence,
  PhaseEvidence,
  Socket,
} from '../../../src/evidence/model/evidence.js';
import type { RuleCount } from '../../../src/evidence/model/ruleCount.js';
import { findingOf } from '../../../src/verdict/finding.js';
import { Dialogue, healthy, incomplete, resetHealthy, story } from './dialogue.js';
import { phaseOf, rejectRule, withNode } from './evidence.js';
import { flat, macs, nat, routed } from './network.js';

const rejecting = { director: { rules: [rejectRule] } };

/** The phase with each socket of a node changed. */
function withSockets(phase: PhaseEvidence, name: string, change: (socket: Socket) => Socket): PhaseEvidence {
  const node = nodeOf(phase, name);
  const samples = node.samples.map((sample) => ({ ...sample, sockets: sample.sockets.map(change) }));
  return withNode(phase, name, { samples });
}

/** The phase with each segment of a node's capture changed. */
function withSegments(
  phase: PhaseEvidence,
  name: string,
  change: (segment: CapturedSegment) => CapturedSegment,
): PhaseEvidence {
  const { capture } = nodeOf(phase, name);
  if (capture === undefined) throw new Error(`expected a capture of ${name}`);
  return withNode(phase, name, { capture: { ...capture, segments: capture.segments.map(change) } });
}

function nodeOf(phase: PhaseEvidence, name: string): NodeEvidence {
  const node = phase.nodes.find((one) => one.name === name);
  if (node === undefined) throw new Error(`expected a node ${name}`);
  return node;
}

describe('a phase in which realservers redirect the service to an address and a port of their own', () => {
  const redirected = (phase: PhaseEvidence) =>
    withSockets(phase, 'realserver1', (socket) => ({
      ...socket,
      localAddress: flat.realserver1,
      localPort: 8080,
    }));

  it('is close-blocked when the FINs ended at the director', () => {
    const finding = findingOf(redirected(phaseOf([story(40_000), story(40_001)], rejecting)));
    expect(finding).toMatchObject({
      outcome: 'close-blocked',
      unsound: [],
      numbers: { sockets: { realserver1: { 'FIN-WAIT-2': 2 } } },
    });
  });

  it('is healthy when they closed, and unexplained where no realserver ever had a socket', () => {
    expect(findingOf(redirected(phaseOf([healthy(40_000)])))).toMatchObject({
      outcome: 'healthy',
      unsound: [],
    });
    const elsewhere = withSockets(phaseOf([story(40_000)], rejecting), 'realserver1', (socket) => ({
      ...socket,
      peerPort: 7,
    }));
    expect(findingOf(elsewhere).connections[0]?.fate).toBe('unexplained');
  });
});

describe('a phase in which the realserver has another port than the service', () => {
  const ofRealserver = (phase: PhaseEvidence, rport: number): PhaseEvidence => {
    const behind = withSegments(phase, 'director', (segment) => ({
      ...segment,
      destinationPort: segment.destination === nat.realserver1 ? 8080 : segment.destinationPort,
      sourcePort: segment.source === nat.realserver1 ? 8080 : segment.sourcePort,
    }));
    const ipvs = phase.ipvs.map((sample) => ({
      ...sample,
      connections: sample.connections.map((entry) => ({ ...entry, rport })),
    }));
    return { ...withSockets(behind, 'realserver1', (socket) => ({ ...socket, localPort: 8080 })), ipvs };
  };
  /** The director passed the FIN on, and the realserver refused it. */
  const refused = () => {
    const dialogue = healthy(40_000, nat).refuse('F.', 'realserver1');
    dialogue.clientState = 'LAST-ACK';
    dialogue.realserverState = 'FIN-WAIT-2';
    return phaseOf([dialogue]);
  };

  it('sees by IPVS where the packets went on', () => {
    expect(findingOf(ofRealserver(phaseOf([healthy(40_000, nat)]), 8080))).toMatchObject({
      outcome: 'healthy',
      unsound: [],
    });
    const { connections, unsound } = findingOf(ofRealserver(refused(), 8080));
    expect(unsound).toEqual([]);
    expect(connections[0]?.because).toContain('the director forwarded the FIN');
  });

  it('does not know where IPVS does not say so', () => {
    const { connections } = findingOf(ofRealserver(refused(), 80));
    expect(connections[0]?.because).toContain('went no further');
  });
});

describe('a phase in which somebody translates the client', () => {
  const gateway = '10.0.0.1';
  /** Connections that a sequence number of their own tells apart. */
  const apart = (dialogue: Dialogue, number: number): Dialogue => {
    for (const { segments } of Object.values(dialogue.captures)) {
      for (const [index, segment] of segments.entries()) {
        const toServer = segment.destinationPort === 80;
        segments[index] = {
          ...segment,
          sequence: segment.sequence + (toServer ? number : 0),
          acknowledgement:
            segment.acknowledgement === 0 || toServer
              ? segment.acknowledgement
              : segment.acknowledgement + number,
        };
      }
    }
    return dialogue;
  };
  /** As the router's MASQUERADE, with other ports, shows it to all behind the router. */
  const masqueraded = (...dialogues: Dialogue[]) => {
    const names = new Map(
      dialogues.map(({ localPort }, index) => [localPort, { address: gateway, port: 61_000 + index }]),
    );
    const behind = (segment: CapturedSegment): CapturedSegment => {
      const name = segment.source === routed.client ? names.get(segment.sourcePort) : undefined;
      return name === undefined ? segment : { ...segment, source: name.address, sourcePort: name.port };
    };
    let phase = phaseOf(
      dialogues.map((dialogue, index) => apart(dialogue, index)),
      rejecting,
    );
    for (const name of ['router', 'director']) phase = withSegments(phase, name, behind);
    phase = withSockets(phase, 'realserver1', (socket) => {
      const name = names.get(socket.peerPort);
      return name === undefined ? socket : { ...socket, peerAddress: name.address, peerPort: name.port };
    });
    const ipvs = phase.ipvs.map((sample) => ({
      ...sample,
      connections: sample.connections.map((entry) => {
        const name = names.get(entry.clientPort);
        return name === undefined ? entry : { ...entry, clientAddress: name.address, clientPort: name.port };
      }),
    }));
    return { ...phase, ipvs };
  };

  it('follows its connections by the sequence numbers of their SYNs', () => {
    const finding = findingOf(masqueraded(story(40_000, routed), story(40_001, routed)));
    expect(finding).toMatchObject({
      outcome: 'close-blocked',
      unsound: [],
      numbers: { sockets: { realserver1: { 'FIN-WAIT-2': 2 } }, ipvs: { ESTABLISHED: 2 } },
    });
    expect(finding.connections[0]?.because).toContain('the FIN reached the director and went no further');
  });

  it('keeps them apart: one closes, the other does not', () => {
    const finding = findingOf(masqueraded(healthy(40_000, routed), story(40_001, routed)));
    expect(finding.connections.map(({ fate }) => fate)).toEqual(['healthy', 'close-blocked']);
    expect(finding.unsound).toEqual([]);
  });

  it('does not take a SYN with another sequence number for theirs', () => {
    const phase = masqueraded(story(40_000, routed));
    const strange = withSegments(phase, 'director', (segment) => ({
      ...segment,
      sequence: segment.sequence + 7,
    }));
    const router = withSegments(strange, 'router', (segment) => ({
      ...segment,
      sequence: segment.sequence + 7,
    }));
    const finding = findingOf(router);
    expect(finding.connections[0]?.fate).toBe('unexplained');
    expect(finding.unsound.join()).toContain('not in the director');
  });
});

describe('a phase in which connection tracking alone shows what was translated', () => {
  const redirect: RuleCount = {
    family: 'ip',
    table: 'nat',
    chain: 'PREROUTING',
    rule: '-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.17.0.2:80',
    packets: 1,
  };
  const translation = (serverBehind: string, clientBehind = '10.0.0.2:40000') => [
    { client: '10.0.0.2:40000', server: '10.0.0.9:80', clientBehind, serverBehind },
  ];
  /** Its sockets are in a namespace that nobody listed. */
  const unseen = (dialogue: Dialogue, part: Partial<NodeEvidence>) => {
    return withNode(phaseOf([dialogue], rejecting), 'realserver1', {
      samples: nodeOf(phaseOf([dialogue]), 'realserver1').samples.map((sample) => ({
        ...sample,
        sockets: [],
      })),
      ...part,
    });
  };

  it('finds the sockets under the name that the client has behind the translator', () => {
    const phase = withSockets(phaseOf([story(40_000)], rejecting), 'realserver1', (socket) => ({
      ...socket,
      peerAddress: '10.0.0.3',
      peerPort: 61_000,
    }));
    expect(findingOf(phase).connections[0]?.fate).toBe('unexplained');
    const listed = withNode(phase, 'director', {
      translations: translation('10.0.0.9:80', '10.0.0.3:61000'),
    });
    expect(findingOf(listed)).toMatchObject({ outcome: 'close-blocked', unsound: [] });
  });

  it('says where a connection went that no socket was seen of', () => {
    const because = (part: Partial<NodeEvidence>) =>
      findingOf(unseen(story(40_000), part)).connections[0]?.because;
    expect(because({ translations: translation('172.17.0.2:80') })).toContain(
      'realserver1 translates it to 172.17.0.2:80, of which no listing has a socket.',
    );
    expect(because({ rules: [redirect] })).toContain('realserver1 translates (`-A PREROUTING');
    expect(because({ rules: [redirect] })).toContain('shows no mapping of it');
    expect(because({ rules: [{ ...redirect, packets: 0 }] })).not.toContain('translates');
  });

  it('cannot tell whether a RST came to a socket that it never saw', () => {
    const fate = (part: Partial<NodeEvidence>) =>
      findingOf(unseen(resetHealthy(40_000), part)).connections[0]?.fate;
    expect(fate({ translations: translation('172.17.0.2:80') })).toBe('unexplained');
    expect(fate({ translations: translation('10.0.0.4:8080') })).toBe('healthy');
  });
});

describe('a phase in which answers are not translated back', () => {
  const frames = { sourceMac: macs.routerFront, destinationMac: macs.client };
  /** What the realserver sends with an address of its own, and how the client takes it. */
  const astray = (
    dialogue: Dialogue,
    text: 'S.' | 'P.',
    { reset = true, source = nat.realserver1 } = {},
  ): Dialogue => {
    const before = new Dialogue(dialogue.localPort, nat).server(text, {
      seq: 5000,
      ack: 1001,
      payload: text === 'P.' ? 9 : 0,
    });
    const [segment] = before.captures.client.segments;
    const refusal = new Dialogue(dialogue.localPort, nat).client('R', { seq: 1001 }).captures.client
      .segments[0];
    if (segment === undefined || refusal === undefined) throw new Error('expected a segment');
    dialogue.captures.client.segments.push({ ...segment, ...frames, source });
    if (reset) dialogue.captures.client.segments.push({ ...refusal, destination: source });
    return dialogue;
  };
  const unanswered = () =>
    incomplete(new Dialogue(40_000, nat).client('S', { seq: 1000 }), false, 'ETIMEDOUT');

  it('is handshake-blocked by a SYN-ACK that nobody had asked for', () => {
    const finding = findingOf(phaseOf([astray(unanswered(), 'S.')]));
    expect(finding).toMatchObject({ outcome: 'handshake-blocked', signal: { kind: 'silence' }, unsound: [] });
    expect(finding.connections[0]?.because).toContain(
      "the SYN-ACK came from realserver1's own address, 10.0.0.4:80, and was reset by the client",
    );
    expect(findingOf(phaseOf([unanswered()])).outcome).toBe('unreachable');
  });

  it("says when the client took no notice, and when the address is nobody's", () => {
    const because = (options: Parameters<typeof astray>[2]) =>
      findingOf(phaseOf([astray(unanswered(), 'S.', options)])).connections[0]?.because;
    expect(because({ reset: false })).toContain(
      '10.0.0.4:80, and the client, which had not connected to it, took no notice',
    );
    expect(because({ source: '10.0.0.77' })).toContain(
      "came from an address that is no node's, 10.0.0.77:80",
    );
  });

  it('is transfer-blocked by a reply that came so', () => {
    const waiting = () => {
      const dialogue = new Dialogue(40_000, nat)
        .client('S', { seq: 1000 })
        .server('S.', { seq: 5000, ack: 1001 })
        .client('.', { seq: 1001, ack: 5001 })
        .client('P.', { seq: 1001, ack: 5001, payload: 100 })
        .server('.', { seq: 5001, ack: 1101 });
      return incomplete(dialogue, true, undefined);
    };
    const finding = findingOf(phaseOf([astray(waiting(), 'P.')]));
    expect(finding.outcome).toBe('transfer-blocked');
    expect(finding.connections[0]?.because).toContain(
      "the reply came from realserver1's own address, 10.0.0.4:80",
    );
    expect(findingOf(phaseOf([waiting()])).connections[0]?.fate).toBe('unexplained');
  });

  it('is not what a healthy NAT phase shows', () => {
    const finding = findingOf(phaseOf([healthy(40_000, nat), healthy(40_001, nat)]));
    expect(finding).toMatchObject({ outcome: 'healthy', unsound: [] });
  });
});
