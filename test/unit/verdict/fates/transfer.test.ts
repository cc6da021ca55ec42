import { describe, expect, it } from 'vitest';
import { findingOf } from '../../../../src/verdict/finding.js';
import { Dialogue, conversation, incomplete } from '../dialogue.js';
import { phaseOf, rejectRule, withNode } from '../evidence.js';

const phaseWith = (dialogue: Dialogue) => phaseOf([dialogue], { director: { rules: [rejectRule] } });

function fateOf(dialogue: Dialogue) {
  const [fate] = findingOf(phaseWith(dialogue)).connections;
  if (fate === undefined) throw new Error('expected a fate');
  return fate;
}

/** An upload whose last data rides on the FIN, and is refused with it. */
function upload(clientClosed: 'half-close' | 'rst' | undefined): Dialogue {
  const dialogue = incomplete(new Dialogue(40_000), true)
    .client('S', { seq: 1000 })
    .server('S.', { seq: 5000, ack: 1001 })
    .client('.', { seq: 1001, ack: 5001 })
    .client('P.', { seq: 1001, ack: 5001, payload: 1000 })
    .server('.', { seq: 5001, ack: 2001 })
    .client('FP.', { seq: 2001, ack: 5001, payload: 500 }, 'director')
    .refuse('FP.');
  dialogue.connection = { ...dialogue.connection, clientClosed };
  dialogue.clientState = 'FIN-WAIT-1';
  dialogue.realserverState = 'ESTAB';
  return dialogue;
}

describe('the fate of a transfer that never became complete', () => {
  it('is data-lost when the client had closed behind data that was never acknowledged', () => {
    const { fate, because } = fateOf(upload('half-close'));
    expect(fate).toBe('data-lost');
    expect(because).toContain('its last data was never acknowledged; the server still waits for it in ESTAB');
    expect(findingOf(phaseWith(upload('half-close')))).toMatchObject({ outcome: 'data-lost', unsound: [] });
  });

  it('is transfer-blocked when the client had not closed', () => {
    expect(fateOf(upload(undefined)).fate).toBe('transfer-blocked');
  });

  it('is no lost data when all of it was acknowledged in the end', () => {
    expect(fateOf(upload('half-close').server('.', { seq: 5001, ack: 2502 })).fate).not.toBe('data-lost');
  });

  it('is no lost data when the server had closed first, for then the client only followed', () => {
    const after = upload('half-close').server('F.', { seq: 5001, ack: 2001 });
    expect(fateOf(after).fate).toBe('data-lost');
    const before = incomplete(new Dialogue(40_000), true)
      .client('S', { seq: 1000 })
      .server('S.', { seq: 5000, ack: 1001 })
      .client('P.', { seq: 1001, ack: 5001, payload: 1000 })
      .server('F.', { seq: 5001, ack: 1001 })
      .client('F.', { seq: 2001, ack: 5002 });
    before.connection = { ...before.connection, serverClosed: true, clientClosed: 'fin' };
    expect(fateOf(before).fate).toBe('transfer-blocked');
  });

  it('is no lost data when the client itself threw it away', () => {
    expect(fateOf(upload('rst')).fate).toBe('transfer-blocked');
  });

  it.each(['CLOSE-WAIT', 'LAST-ACK', 'TIME-WAIT'] as const)(
    'is unexplained when the server, in %s, must have had the FIN behind the data',
    (state) => {
      const dialogue = upload('half-close');
      dialogue.realserverState = state;
      expect(fateOf(dialogue)).toMatchObject({
        fate: 'unexplained',
        because: expect.stringContaining(state) as string,
      });
    },
  );

  it('is transfer-blocked when the server program ended in the middle, by FIN or by RST', () => {
    const cut = incomplete(conversation(40_000), true);
    expect(fateOf(cut).fate).toBe('unexplained');
    cut.connection = { ...cut.connection, serverClosed: true, clientClosed: 'fin' };
    cut
      .server('F.', { seq: 5201, ack: 1101 })
      .client('F.', { seq: 1101, ack: 5202 })
      .server('.', { seq: 5202, ack: 1102 });
    expect(fateOf(cut)).toMatchObject({
      fate: 'transfer-blocked',
      because: expect.stringContaining('the server closed before its reply was complete') as string,
    });
    const reset = incomplete(conversation(40_000), true, 'ECONNRESET').server('R', { seq: 5201 });
    expect(findingOf(phaseWith(reset))).toMatchObject({
      outcome: 'transfer-blocked',
      signal: { kind: 'tcp-reset', from: 'realserver' },
    });
  });

  it('is transfer-blocked with a reset from the director that does not know the connection', () => {
    const reset = incomplete(conversation(40_000), true, 'ECONNRESET').server('R', { seq: 5201 }, 'director');
    reset.realserverState = 'ESTAB';
    const finding = findingOf(phaseWith(reset));
    expect(finding.signal).toEqual({ kind: 'tcp-reset', from: 'director' });
    expect(finding.connections[0]?.because).toContain('the reply never became complete');
  });

  it('is transfer-blocked when only the way back is closed, as the server shows', () => {
    const oneWay = (): Dialogue =>
      incomplete(new Dialogue(40_000), true)
        .client('S', { seq: 1000 })
        .server('S.', { seq: 5000, ack: 1001 })
        .client('.', { seq: 1001, ack: 5001 })
        .client('P.', { seq: 1001, ack: 5001, payload: 100 })
        .server('.', { seq: 5001, ack: 1101 });
    const kept = oneWay();
    kept.clientState = 'ESTAB';
    kept.realserverState = 'ESTAB';
    expect(fateOf(kept).fate).toBe('unexplained');
    const repeating = withNode(phaseWith(kept), 'realserver1', { counters: { TcpRetransSegs: 6 } });
    expect(findingOf(repeating).connections[0]).toMatchObject({
      fate: 'transfer-blocked',
      because: expect.stringContaining('realserver1 had to send segments again (6 in all)') as string,
    });
    const closing = oneWay();
    closing.realserverState = 'FIN-WAIT-1';
    expect(fateOf(closing).fate).toBe('transfer-blocked');
  });
});

describe('the fate of a connection that is never answered', () => {
  /** All was sent in two segments; whether the second was acknowledged, and how far the FIN came. */
  function unanswered({ acknowledged = true, fin = true } = {}): Dialogue {
    const dialogue = new Dialogue(40_000)
      .client('S', { seq: 1000 })
      .server('S.', { seq: 5000, ack: 1001 })
      .client('.', { seq: 1001, ack: 5001 })
      .client('P.', { seq: 1001, ack: 5001, payload: 1000 })
      .server('.', { seq: 5001, ack: 2001 })
      .client(
        acknowledged ? 'P.' : 'FP.',
        { seq: 2001, ack: 5001, payload: 500 },
        acknowledged ? 'realserver' : 'director',
      );
    if (acknowledged) dialogue.server('.', { seq: 5001, ack: 2501 });
    if (acknowledged && fin)
      dialogue
        .client('F.', { seq: 2501, ack: 5001 })
        .server('F.', { seq: 5001, ack: 2502 })
        .client('.', { seq: 2502, ack: 5002 });
    if (!fin) dialogue.client('F.', { seq: 2501, ack: 5001 }, 'director').refuse('F.');
    if (!acknowledged) dialogue.refuse('FP.');
    const isWell = acknowledged && fin;
    dialogue.clientState = isWell ? 'TIME-WAIT' : 'FIN-WAIT-1';
    dialogue.realserverState = isWell ? 'gone' : 'ESTAB';
    dialogue.connection = {
      ...dialogue.connection,
      ...{ unanswered: true, complete: true, httpStatus: undefined, firstByteSeconds: undefined },
      ...{ bytesSent: 1500, bytesReceived: 0, serverClosed: isWell },
    };
    return dialogue;
  }

  it('is healthy when all was acknowledged and both ends closed', () => {
    expect(fateOf(unanswered())).toMatchObject({
      fate: 'healthy',
      because: expect.stringContaining(
        'all that the client sent was acknowledged and both ends closed',
      ) as string,
    });
    // Who waits for a reply gets one with a status.
    const wanted = unanswered();
    wanted.connection = { ...wanted.connection, unanswered: undefined };
    expect(fateOf(wanted).fate).toBe('unexplained');
  });

  it('is close-blocked when only the FIN is lost, and data-lost when data is, whatever the kernel took', () => {
    expect(fateOf(unanswered({ fin: false })).fate).toBe('close-blocked');
    expect(fateOf(unanswered({ acknowledged: false })).fate).toBe('data-lost');
  });

  it('is handshake-blocked where the realserver never knew that it was open', () => {
    const half = new Dialogue(40_000)
      .client('S', { seq: 1000 })
      .server('S.', { seq: 5000, ack: 1001 })
      .client('.', { seq: 1001, ack: 5001 }, 'director')
      .client('P.', { seq: 1001, ack: 5001, payload: 1500 }, 'director');
    half.clientState = 'FIN-WAIT-1';
    half.realserverState = 'SYN-RECV';
    half.connection = { ...unanswered().connection, serverClosed: false };
    expect(fateOf(half).fate).toBe('handshake-blocked');
  });
});
