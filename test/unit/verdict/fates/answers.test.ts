import { describe, expect, it } from 'vitest';
import type { ClientConnection } from '../../../../src/evidence/model/loadReport.js';
import type { PhaseEvidence } from '../../../../src/evidence/model/evidence.js';
import { loadSchema } from '../../../../src/contracts/agents/load.js';
import { findingOf } from '../../../../src/verdict/finding.js';
import { Dialogue } from '../dialogue.js';
import { phaseOf, rejectRule, withNode } from '../evidence.js';

const load = loadSchema.parse({
  ...{ connections: 1, every: 0, requests: 2, upload: 0, download: 0, rate: 0, idle: 0 },
  ...{ connect: 'non-blocking', ports: 'own', reopen: false, datagrams: { as: 'dns', pause: 0, wait: 2 } },
  close: { first: 'client', how: 'fin', after: 0 },
});

type Datagrams = NonNullable<ClientConnection['datagrams']>;

/** A client of two requests, of which so many were answered by realserver1. */
function asking(answered: number, reach?: 'client' | 'director'): Dialogue {
  const dialogue = new Dialogue(40_000).at(99.1);
  for (const index of [1, 2]) {
    dialogue.client('', { seq: 0, payload: 20 }, index <= answered ? 'realserver' : reach);
    if (index <= answered) dialogue.server('', { seq: 0, payload: 20 });
  }
  const replies: Datagrams['replies'] = Array.from({ length: answered }, (_, index) => ({
    ...{ to: index + 1, by: 'realserver1', at: 99.5 + index },
  }));
  dialogue.connection = {
    ...dialogue.connection,
    ...{ connectSeconds: undefined, httpStatus: undefined, clientClosed: undefined, serverClosed: false },
    address: '10.0.0.9',
    complete: answered === 2,
    datagrams: { asked: 2, answered, wanted: 0, pushed: 0, replies },
  };
  return dialogue;
}

const saved = (weight: number) => [{ service: '-u 10.0.0.9:80', realserver: '10.0.0.4', weight }];

function phase(dialogue: Dialogue, director: Parameters<typeof phaseOf>[1] = {}): PhaseEvidence {
  const asked = { load, conversations: [] };
  return { ...phaseOf([dialogue], director), asked };
}

describe('a client of UDP', () => {
  it('is answered when each request was', () => {
    const finding = findingOf(phase(asking(2)));
    expect(finding).toMatchObject({ outcome: 'answered', unsound: [], numbers: { fates: { answered: 1 } } });
    expect(finding.connections[0]?.because).toBe('All 2 requests were answered, by realserver1.');
  });

  it('is unanswered when one was not, and says how far its datagrams came', () => {
    const rejecting = { director: { rules: [rejectRule] } };
    const dialogue = asking(1, 'director').refuse('');
    const finding = findingOf(phase(dialogue, rejecting));
    expect(finding).toMatchObject({
      outcome: 'unanswered',
      signal: { kind: 'icmp', type: 3, code: 10, from: 'director' },
      unsound: [],
    });
    expect(finding.connections[0]?.because).toBe(
      '1 of 2 requests were answered, by realserver1; 2 datagrams left the client, 2 came to the director and 1 left it for a realserver; answered with ICMP 3/10 (host-prohibited) from the director.',
    );
  });

  it('is told in words of UDP, and of nothing else', () => {
    const all = [asking(2), asking(1), asking(0, 'director')].map((one) => findingOf(phase(one)));
    const text = JSON.stringify(all.map(({ connections, unsound }) => [connections, unsound]));
    expect(text).not.toMatch(/\b(?:SYN|FIN|RST|segment|handshake|closed)/i);
  });

  it('decides nothing where its capture has the answers that its program did not read', () => {
    const dialogue = asking(2);
    const { datagrams } = dialogue.connection;
    dialogue.connection = {
      ...dialogue.connection,
      complete: false,
      datagrams: { ...datagrams!, answered: 1, replies: datagrams!.replies.slice(0, 1) },
    };
    for (const { segments } of Object.values(dialogue.captures))
      for (const [index, segment] of segments.entries()) segments[index] = { ...segment, udp: true };
    const { connections, unsound } = findingOf(phase(dialogue));
    expect(connections[0]?.because).toMatch(/the client's capture has 2 that came: its program was too slow/);
    expect(unsound).not.toEqual([]);
  });

  it('decides nothing where its requests are not in its capture', () => {
    const dialogue = asking(0, 'client');
    const lost = withNode(phase(dialogue), 'client', {
      capture: { segments: [], icmp: [], neighbours: [], other: {}, truncated: false },
    });
    const { connections, unsound } = findingOf(lost);
    expect(connections[0]?.fate).toBe('unexplained');
    expect(unsound.join(' ')).toContain('has no datagram');
  });

  it('counts as one that did not do as asked when it sent fewer requests', () => {
    const dialogue = asking(2);
    const { datagrams } = dialogue.connection;
    dialogue.connection = { ...dialogue.connection, datagrams: { ...datagrams!, asked: 1 } };
    expect(findingOf(phase(dialogue)).unsound).toContain(
      '1 of 1 clients did not come to send all of their 2 requests.',
    );
  });
});

describe('a realserver that answers a client of UDP', () => {
  const outcomeWith = (ipvsSaved: ReturnType<typeof saved>, change: Partial<PhaseEvidence> = {}) => {
    const { outcome, connections } = findingOf({
      ...phase(asking(2), { director: { ipvsSaved } }),
      ...change,
    });
    return [outcome, connections[0]?.because];
  };

  it.each([
    ['of weight 0', saved(0), 'realserver1 has weight 0'],
    [
      'that was removed',
      [{ ...saved(1)[0]!, realserver: '10.0.0.5' }],
      "realserver1 is none of the service's any more",
    ],
    ['whose service was removed', [], 'no director has the service any more'],
  ])('is stale: one %s', (_, ipvsSaved, why) => {
    expect(outcomeWith(ipvsSaved)).toEqual([
      'answered-stale',
      `All 2 requests were answered, by realserver1, though ${why}.`,
    ]);
  });

  it('is not, with a weight', () => {
    expect(outcomeWith(saved(1))[0]).toBe('answered');
  });

  it('is not, when it was taken out behind its last reply', () => {
    const event = (over: number) => ({
      ...{ what: 'ipvsadm', startedAt: '', finishedAt: '' },
      timing: { connected: 99, due: 99, begun: over, over },
    });
    expect(outcomeWith(saved(0), { events: [event(101)] })[0]).toBe('answered');
    expect(outcomeWith(saved(0), { events: [event(99.2)] })[0]).toBe('answered-stale');
  });
});
