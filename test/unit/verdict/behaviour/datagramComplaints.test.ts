import { describe, expect, it } from 'vitest';
import { loadSchema } from '../../../../src/contracts/agents/load.js';
import { findingOf } from '../../../../src/verdict/finding.js';
import { Dialogue } from '../dialogue.js';
import { phaseOf, withNode } from '../evidence.js';

const askedOf = (datagrams: object, others: object = {}) => ({
  load: loadSchema.parse({
    ...{ connections: 1, every: 0, requests: 3, upload: 0, download: 0, rate: 0, idle: 0 },
    ...{ connect: 'non-blocking', ports: 'own', reopen: false },
    datagrams: { as: 'dns', pause: 0.5, wait: 2, ...datagrams },
    close: { first: 'client', how: 'fin', after: 0 },
    ...others,
  }),
  conversations: [],
});

interface Sent {
  readonly at: number;
  /** When its reply came; left out: never. */
  readonly reply?: number;
}

/** A client that sent these requests, and reports what it saw. */
function client(requests: readonly Sent[], port = 40_000): Dialogue {
  const dialogue = new Dialogue(port);
  for (const { at, reply } of requests) {
    dialogue.at(at).client('', { seq: 0, payload: 20 }, reply === undefined ? 'director' : 'realserver');
    if (reply !== undefined) dialogue.at(reply).server('', { seq: 0, payload: 20 });
  }
  const replies = requests.flatMap(({ reply }, index) =>
    reply === undefined ? [] : [{ to: index + 1, by: 'realserver1', at: reply }],
  );
  dialogue.connection = {
    ...dialogue.connection,
    ...{ connectSeconds: undefined, httpStatus: undefined, clientClosed: undefined, serverClosed: false },
    address: '10.0.0.9',
    openedAt: requests[0]!.at,
    complete: replies.length === requests.length,
    datagrams: { asked: requests.length, answered: replies.length, wanted: 0, pushed: 0, replies },
  };
  return dialogue;
}

const found = (dialogues: readonly Dialogue[], asked: ReturnType<typeof askedOf>) =>
  findingOf({ ...phaseOf(dialogues), asked });

const complaintsOf = (dialogues: readonly Dialogue[], asked = askedOf({})): readonly string[] =>
  found(dialogues, asked).unsound.filter((one) => one.includes('on the wire'));

const answered = [
  { at: 99, reply: 99.1 },
  { at: 99.6, reply: 99.7 },
  { at: 100.2, reply: 100.3 },
];

describe('clients of UDP, by the capture', () => {
  it('are counted as followed, and did as asked', () => {
    const { unsound, numbers } = found([client(answered)], askedOf({}));
    expect(unsound).toEqual([]);
    expect(numbers.followed).toEqual({ connections: 1, flows: undefined });
  });

  it('sent no more requests than they were asked for', () => {
    const [complaint] = complaintsOf([client(answered)], askedOf({}, { requests: 2 }));
    expect(complaint).toBe(
      '1 of 1 clients did not do on the wire what the scenario says: asked for was 2 requests; there were more (the first, 10.0.0.2:40000: 3).',
    );
  });

  it('sent what they say they sent', () => {
    const dialogue = client(answered);
    dialogue.captures.client.segments.splice(4, 1);
    expect(complaintsOf([dialogue]).join()).toContain(
      "the client's capture has fewer than it says it sent (the first, 10.0.0.2:40000: 2 of 3)",
    );
  });

  it('received what they say came', () => {
    const dialogue = client(answered);
    dialogue.captures.client.segments.splice(5, 1);
    expect(complaintsOf([dialogue]).join()).toContain('its capture has fewer than it counted');
  });

  it('are silent behind a reply for as long as they are told to be', () => {
    const hasty = [answered[0]!, { at: 99.4, reply: 99.5 }, answered[2]!];
    expect(complaintsOf([client(hasty)])).toEqual([
      '1 of 1 clients did not do on the wire what the scenario says: asked for was 500 ms of silence before request 2, behind the reply to the one before or 2 s of waiting for it; there was less (the first, 10.0.0.2:40000: 300 ms).',
    ]);
  });

  it('are idle before the last request', () => {
    const idle = askedOf({}, { idle: 3 });
    expect(complaintsOf([client(answered)], idle).join()).toContain('3 s of silence before request 3');
    expect(complaintsOf([client([...answered.slice(0, 2), { at: 102.8 }])], idle)).toEqual([]);
  });

  it('wait for a reply that does not come', () => {
    const waiting = [{ at: 99, reply: 99.1 }, { at: 99.7 }, { at: 102.3, reply: 102.4 }];
    expect(complaintsOf([client(waiting)])).toEqual([]);
    const hasty = [...waiting.slice(0, 2), { at: 101.5, reply: 101.6 }];
    expect(complaintsOf([client(hasty)]).join()).toContain('behind the reply to the one before or 2 s');
  });

  it('begin to wait when they ask, though the request leaves later, behind the search for a neighbour', () => {
    const dialogue = client([{ at: 100 }, { at: 101.6 }, { at: 104.2 }]);
    dialogue.connection = { ...dialogue.connection, openedAt: 99 };
    expect(complaintsOf([dialogue])).toEqual([]);
  });

  it('of a stream wait for the first reply only', () => {
    const stream = [{ at: 99, reply: 99.1 }, { at: 99.7 }, { at: 100.25 }];
    expect(complaintsOf([client(stream)], askedOf({ as: 'quic' }))).toEqual([]);
    expect(complaintsOf([client(stream)]).join()).toContain('2 s of waiting');
    const hasty = [...stream.slice(0, 2), { at: 100 }];
    expect(complaintsOf([client(hasty)], askedOf({ as: 'quic' })).join()).toContain(
      '500 ms of silence before request 3, behind the one before; there was less',
    );
  });

  it('begin one after the other', () => {
    const two = [client(answered), client(answered, 40_001)];
    expect(complaintsOf(two, askedOf({}, { connections: 2 }))).toEqual([]);
    expect(complaintsOf(two, askedOf({}, { connections: 2, every: 20 })).join()).toContain(
      'were opened sooner on the wire than the scenario says',
    );
  });

  it('go to the end of the service whose turn it is', () => {
    const dialogue = client(answered);
    dialogue.connection = { ...dialogue.connection, port: 443 };
    expect(complaintsOf([dialogue]).join()).toContain('port 80 of the service');
  });

  it('are not told of a capture that there is none of', () => {
    const phase = { ...phaseOf([client(answered)]), asked: askedOf({}) };
    const { numbers } = findingOf(withNode(phase, 'client', { capture: undefined }));
    expect(numbers.followed).toBeUndefined();
  });
});
