import { describe, expect, it } from 'vitest';
import { findingOf } from '../../../../src/verdict/finding.js';
import { Dialogue, conversation, healthy, incomplete } from '../dialogue.js';
import { phaseOf } from '../evidence.js';

function fateOf(dialogue: Dialogue) {
  const [fate] = findingOf(phaseOf([dialogue])).connections;
  if (fate === undefined) throw new Error('expected a fate');
  return fate;
}

const handshake = () =>
  new Dialogue(40_000)
    .client('S', { seq: 1000 })
    .server('S.', { seq: 5000, ack: 1001 })
    .client('.', { seq: 1001, ack: 5001 });

describe('the fate of a connection whose reply was not complete', () => {
  it('is unreachable when the SYN was refused or ignored', () => {
    const refused = new Dialogue(40_000).client('S', { seq: 1000 }, 'director').refuse('S');
    expect(fateOf(incomplete(refused, false, 'EHOSTUNREACH'))).toMatchObject({
      fate: 'unreachable',
      because: expect.stringContaining('EHOSTUNREACH') as string,
    });
    const ignored = new Dialogue(40_000).client('S', { seq: 1000 }, 'director');
    expect(fateOf(incomplete(ignored, false)).fate).toBe('unreachable');
  });

  it('is unexplained when no SYN was ever sent', () => {
    expect(fateOf(incomplete(new Dialogue(40_000), false, 'EADDRNOTAVAIL')).fate).toBe('unexplained');
  });

  it('is the slow machine, and no rule, when time was up before connect() was called', () => {
    const late = incomplete(new Dialogue(40_000), false);
    const called = fateOf(late);
    late.connection = { ...late.connection, connectCalled: false };
    const { fate, because } = fateOf(late);
    expect(fate).toBe('unexplained');
    expect(because).toContain("time was up before the client's program had called connect()");
    expect(because).toContain('raise `deadlines.drive`');
    expect(because).toContain('`--lanes 1`');
    expect(called).toMatchObject({
      fate: 'unexplained',
      because: expect.stringContaining('no SYN of it (no error reported)') as string,
    });
  });

  it('is ports-exhausted when the kernel had no port to send one from', () => {
    const exhausted = incomplete(new Dialogue(0), false, 'EADDRNOTAVAIL');
    const phase = phaseOf([healthy(40_000), exhausted, incomplete(new Dialogue(0), false, 'EADDRNOTAVAIL')]);
    expect(findingOf(phase)).toMatchObject({
      outcome: 'ports-exhausted',
      signal: { kind: 'silence' },
      unsound: [],
      numbers: { fates: { healthy: 1, 'ports-exhausted': 2 } },
    });
    // IPVS's entry for client port 0 is a persistence template, and no connection's.
    expect(fateOf(exhausted).ipvsState).toBeUndefined();
    expect(fateOf(incomplete(new Dialogue(0), false, 'EACCES')).fate).toBe('unexplained');
  });

  it("is ports-exhausted when the client's kernel still holds an earlier connection from the port", () => {
    const held = incomplete(new Dialogue(40_000), false, 'EADDRNOTAVAIL');
    held.clientState = 'LAST-ACK';
    expect(fateOf(held)).toMatchObject({
      fate: 'ports-exhausted',
      because: expect.stringContaining('LAST-ACK') as string,
    });
    expect(fateOf(incomplete(held, false, 'EHOSTUNREACH')).fate).toBe('unexplained');
  });

  it('is unreachable when the SYN was answered with a reset', () => {
    const refused = new Dialogue(40_000).client('S', { seq: 1000 }).server('R.', { seq: 0, ack: 1001 });
    expect(findingOf(phaseOf([incomplete(refused, false, 'ECONNREFUSED')]))).toMatchObject({
      outcome: 'unreachable',
      signal: { kind: 'tcp-reset', from: 'realserver' },
    });
  });

  it('is handshake-blocked when the realserver stays in SYN-RECV, though the client feels connected', () => {
    const dialogue = incomplete(handshake(), true);
    dialogue.client('P.', { seq: 1001, ack: 5001, payload: 100 }, 'director');
    dialogue.realserverState = 'SYN-RECV';
    expect(fateOf(dialogue).fate).toBe('handshake-blocked');
    dialogue.realserverState = 'ESTAB';
    expect(fateOf(dialogue).fate).toBe('transfer-blocked');
  });

  it('is handshake-blocked when the SYN-ACK never came back', () => {
    const dialogue = incomplete(new Dialogue(40_000).client('S', { seq: 1000 }), false);
    dialogue.realserverState = 'SYN-RECV';
    expect(fateOf(dialogue).fate).toBe('handshake-blocked');
    dialogue.realserverState = 'gone';
    expect(fateOf(dialogue).fate).toBe('unreachable');
  });

  it('is handshake-blocked when the SYN-ACK had to be repeated', () => {
    const dialogue = incomplete(handshake().server('S.', { seq: 5000, ack: 1001 }), true);
    expect(fateOf(dialogue).fate).toBe('handshake-blocked');
    expect(fateOf(incomplete(handshake(), true)).fate).toBe('unexplained');
  });

  it('is transfer-blocked when the request was never acknowledged', () => {
    const dialogue = incomplete(
      handshake().client('P.', { seq: 1001, ack: 5001, payload: 100 }, 'director'),
      true,
    );
    dialogue.realserverState = 'ESTAB';
    expect(fateOf(dialogue)).toMatchObject({
      fate: 'transfer-blocked',
      because: expect.stringContaining('the request reached the director and went no further') as string,
    });
  });

  it('is unexplained when a slow realserver acknowledged the request and nothing was lost', () => {
    const slow = () =>
      incomplete(
        handshake()
          .client('P.', { seq: 1001, ack: 5001, payload: 100 })
          .server('.', { seq: 5001, ack: 1101 }),
        true,
      );
    expect(fateOf(slow()).fate).toBe('unexplained');
    expect(fateOf(slow().client('P.', { seq: 1001, ack: 5001, payload: 100 })).fate).toBe('transfer-blocked');
  });

  it('is transfer-blocked when the reply had to be repeated and never became whole', () => {
    const dialogue = incomplete(conversation(40_000), true);
    expect(fateOf(dialogue).fate).toBe('unexplained');
    dialogue.server('P.', { seq: 5001, ack: 1101, payload: 200 });
    expect(fateOf(dialogue).fate).toBe('transfer-blocked');
  });

  it('is transfer-blocked when the connection was reset in the middle', () => {
    const dialogue = incomplete(conversation(40_000), true, 'ECONNRESET');
    dialogue.server('R', { seq: 5201 }, 'director');
    expect(fateOf(dialogue).fate).toBe('transfer-blocked');
  });

  it('finds the realserver by its MAC when its sockets tell nothing', () => {
    const dialogue = incomplete(conversation(40_000), true);
    dialogue.ipvsState = undefined;
    expect(fateOf(dialogue).realserver).toBe('realserver1');
    const unanswered = incomplete(new Dialogue(40_000).client('S', { seq: 1000 }), false);
    unanswered.ipvsState = undefined;
    expect(fateOf(unanswered).realserver).toBeUndefined();
  });
});
