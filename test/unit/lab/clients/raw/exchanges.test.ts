import type { Step } from '../../../../../src/contracts/agents/conversation.js';
import { describe, expect, it } from 'vitest';
import { Script } from './simulation/script.js';
import { serverFirst } from './simulation/simulate.js';

const reply = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';

/** The length of the request that the client sends when it is connected. */
function requestOf(script: Script): number {
  return script.connect().reduce((sum, { payload }) => sum + payload.length, 0);
}

describe('a window that is closed', () => {
  it('is asked after with an old sequence number, after 0.2 s and twice as long each time', () => {
    const script = new Script({ data: 3 });
    expect(script.connect(0).every(({ payload }) => payload.length === 0)).toBe(true);
    const probes = [210, 400, 800].map((milliseconds) => script.pass(milliseconds));
    for (const [probe, ...more] of probes) {
      expect(script.at(probe!)).toBe(-1);
      expect(probe!.payload).toHaveLength(0);
      expect(more).toHaveLength(0);
    }
    const [request] = script.say({ window: 1000 });
    expect(request?.payload.length).toBeGreaterThan(20);
    // What was asked before does not count for the request's timeout.
    expect(script.pass(150)).toHaveLength(0);
    expect(script.pass(100)).toHaveLength(1);
  });

  it('is asked after as long as somebody answers', () => {
    const script = new Script({ data: 2 });
    script.connect(0);
    for (let probes = 0; probes < 8; probes += 1) {
      expect(script.next(120_000)).toHaveLength(1);
      script.say({ window: 0 });
    }
    expect(script.load.isOver).toBe(false);
    expect(script.pass(600_000)).toHaveLength(1);
    expect(script.load.isOver).toBe(true);
    expect(script.finish().fates.transfer).toBe(1);
  });

  it('behind a request that was sent is no reason to give that up', () => {
    const answered = new Script({ data: 2 });
    requestOf(answered);
    const silent = new Script({ data: 2 });
    requestOf(silent);
    for (let times = 0; times < 5; times += 1) {
      answered.next(30_000);
      answered.say({ window: 0 });
      silent.next(30_000);
    }
    expect(answered.load.isOver).toBe(false);
    expect(silent.load.isOver).toBe(true);
  });
});

describe('what is repeated', () => {
  it('is acknowledged again: a SYN-ACK', () => {
    const script = new Script();
    requestOf(script);
    for (const _time of [1, 2]) {
      const [answer, ...more] = script.say({ flags: ['syn', 'ack'], at: -1 });
      expect(script.acknowledged(answer!)).toBe(0);
      expect(answer!.flags).toEqual(new Set(['ack']));
      expect(more).toHaveLength(0);
    }
  });

  it('is acknowledged again: payload, and a FIN when all is over', () => {
    const script = new Script();
    const request = requestOf(script);
    script.say({ payload: reply, acknowledges: request });
    const [again] = script.say({ payload: reply.slice(0, 9), acknowledges: request });
    expect(script.acknowledged(again!)).toBe(reply.length);
    const fin = { flags: ['fin', 'ack'] as const, at: reply.length };
    const closing = script.say({ ...fin, acknowledges: request });
    expect(closing.at(-1)!.flags).toContain('fin');
    script.say({ at: reply.length + 1, acknowledges: request + 1 });
    const [late] = script.say({ ...fin, acknowledges: request + 1 });
    expect(script.acknowledged(late!)).toBe(reply.length + 1);
    expect(script.finish().fates.closed).toBe(1);
  });
});

describe('a head that the receiver cut off', () => {
  it('is acknowledged as far as it was kept, also when it begins with what is known', () => {
    const script = new Script();
    const request = requestOf(script);
    script.say({ payload: reply.slice(0, 20), acknowledges: request });
    // 54 bytes of headers, and 30 of the payload, of which 20 are known.
    const [answer] = script.say({ payload: reply, acknowledges: request, kept: 54 + 30 });
    expect(script.acknowledged(answer!)).toBe(30);
    const [rest] = script.say({ payload: reply.slice(30), at: 30, acknowledges: request });
    expect(script.acknowledged(rest!)).toBe(reply.length);
  });
});

describe('what nobody asked for', () => {
  it('is answered once in half a second: a keep-alive, an ACK of what was not sent, a segment far away', () => {
    for (const odd of [
      { at: -1 },
      { acknowledges: 5000 },
      { at: 200_000, payload: 'x' },
      { at: -200_000, payload: 'x' },
    ]) {
      const script = new Script();
      const request = requestOf(script);
      script.say({ acknowledges: request });
      const said = { acknowledges: request, ...odd };
      const [answer, ...more] = script.say(said);
      expect(script.at(answer!)).toBe(request);
      expect(script.acknowledged(answer!)).toBe(0);
      expect(more).toHaveLength(0);
      expect(script.say(said)).toHaveLength(0);
      script.pass(600);
      expect(script.say(said)).toHaveLength(1);
    }
  });

  it('ends the connection only as a RST with the very next sequence number', () => {
    const resets = (at: number): boolean => {
      const script = new Script();
      requestOf(script);
      const answer = script.say({ flags: ['rst'], at });
      // In the window: the peer is asked whether it meant it.
      expect(answer).toHaveLength(at > 0 && at < 65_536 ? 1 : 0);
      return script.finish().fates.reset === 1;
    };
    expect([0, 1, 60_000, 70_000, -1].map(resets)).toEqual([true, false, false, false, false]);
  });

  it('is answered by a RST when the connection is over: after a reset, and after a SYN was refused', () => {
    const script = new Script();
    requestOf(script);
    script.say({ flags: ['rst'] });
    const [answer] = script.say({ payload: 'x', acknowledges: 7 });
    expect(answer!.flags).toEqual(new Set(['rst']));
    expect(script.at(answer!)).toBe(7);
    expect(script.say({ flags: ['rst'] })).toHaveLength(0);
  });
});

describe('a timeout', () => {
  it('comes 0.2 s and the round trip twice over after a segment, and 3 s where the SYN was retransmitted', () => {
    const slow = new Script();
    slow.load.tick(0);
    slow.pass(50);
    requestOf(slow);
    expect(slow.pass(200)).toHaveLength(0);
    expect(slow.pass(70)).toHaveLength(1);
    const retransmitted = new Script();
    retransmitted.load.tick(0);
    expect(retransmitted.pass(3050)).toHaveLength(3);
    requestOf(retransmitted);
    expect(retransmitted.pass(2900)).toHaveLength(0);
    expect(retransmitted.pass(200)).toHaveLength(1);
  });
});

describe('being quiet', () => {
  const stuck = (steps: readonly Step[]): Script => {
    const script = new Script({ close: 5 }, steps);
    const request = requestOf(script);
    script.say({ flags: ['fin', 'ack'], payload: reply, acknowledges: request });
    script.pass(1000);
    return script;
  };

  it('is what a flow is that retransmits its FIN, unless it is to be opened again', () => {
    expect(stuck(serverFirst).load.isQuiet).toBe(true);
    expect(stuck(serverFirst).load.isOver).toBe(false);
    expect(stuck([...serverFirst, { do: 'reopen' }, ...serverFirst.slice(1)]).load.isQuiet).toBe(false);
  });
});

describe('being connected', () => {
  it('is what a flow is whose SYN is answered, or has to be sent again', () => {
    const connected = new Script();
    connected.load.tick(0);
    expect(connected.load.areConnected).toBe(false);
    requestOf(connected);
    expect(connected.load.areConnected).toBe(true);
    expect(connected.load.isQuiet).toBe(false);
    const silent = new Script();
    silent.load.tick(0);
    silent.pass(900);
    expect(silent.load.areConnected).toBe(false);
    silent.pass(200);
    expect(silent.load.areConnected).toBe(true);
  });
});
