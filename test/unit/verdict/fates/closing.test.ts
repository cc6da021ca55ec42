import { describe, expect, it } from 'vitest';
import { findingOf } from '../../../../src/verdict/finding.js';
import { Dialogue, conversation, healthy, resetBlocked, resetHealthy, story } from '../dialogue.js';
import { phaseOf, withNode } from '../evidence.js';

function fateOf(dialogue: Dialogue) {
  const [fate] = findingOf(phaseOf([dialogue])).connections;
  if (fate === undefined) throw new Error('expected a fate');
  return fate;
}

/** A complete reply that left the sockets in these states, the captures saying nothing about the close. */
function endingIn(client: Dialogue['clientState'], realserver: Dialogue['realserverState']): Dialogue {
  const dialogue = conversation(40_000);
  dialogue.clientState = client;
  dialogue.realserverState = realserver;
  return dialogue;
}

describe('the fate of a connection whose reply was complete', () => {
  it.each([
    // The client's FIN does not get through.
    ['LAST-ACK', 'FIN-WAIT-2'],
    ['LAST-ACK', 'gone'],
    ['LAST-ACK', 'TIME-WAIT'],
    ['FIN-WAIT-1', 'ESTAB'],
    ['FIN-WAIT-1', 'gone'],
    ['CLOSING', 'FIN-WAIT-2'],
    // The realserver's FIN, or the last acknowledgement, does not get through.
    ['ESTAB', 'FIN-WAIT-1'],
    ['FIN-WAIT-2', 'LAST-ACK'],
    ['TIME-WAIT', 'LAST-ACK'],
    ['gone', 'FIN-WAIT-1'],
    ['FIN-WAIT-2', 'gone'],
    // The client is rid of the connection, and the realserver is not.
    ['gone', 'FIN-WAIT-2'],
    ['gone', 'ESTAB'],
    ['TIME-WAIT', 'FIN-WAIT-2'],
  ] as const)('is close-blocked with the client in %s and the realserver in %s', (client, realserver) => {
    expect(fateOf(endingIn(client, realserver)).fate).toBe('close-blocked');
  });

  it.each([
    ['FIN-WAIT-2', 'CLOSE-WAIT'],
    ['gone', 'CLOSE-WAIT'],
    ['CLOSE-WAIT', 'FIN-WAIT-2'],
    ['ESTAB', 'ESTAB'],
    ['ESTAB', 'FIN-WAIT-2'],
  ] as const)(
    'is unexplained with the client in %s and the realserver in %s: an application is late',
    (client, realserver) => {
      expect(fateOf(endingIn(client, realserver)).fate).toBe('unexplained');
    },
  );

  it.each([
    ['gone', 'TIME-WAIT'],
    ['TIME-WAIT', 'gone'],
    ['gone', 'gone'],
  ] as const)('is healthy with the client in %s and the realserver in %s', (client, realserver) => {
    const dialogue = healthy(40_000);
    dialogue.clientState = client;
    dialogue.realserverState = realserver;
    expect(fateOf(dialogue).fate).toBe('healthy');
  });

  it('is told by a listing that was begun before the connection, when it was complete only behind it', () => {
    const listed = (until: number) => {
      const dialogue = story(40_000);
      dialogue.realserverState = 'gone';
      dialogue.earlier = [{ realserver: 'FIN-WAIT-2', time: 90, until }];
      return fateOf(dialogue).fate;
    };
    expect(listed(105)).toBe('close-blocked');
    // The socket of an earlier connection is none of this one's.
    expect(listed(91)).toBe('unexplained');
  });

  it('is healthy when the realserver answers the FIN with RST', () => {
    const dialogue = conversation(40_000).client('F.', { seq: 1101, ack: 5201 }).server('R', { seq: 5201 });
    expect(fateOf(dialogue).fate).toBe('healthy');
    const fromDirector = conversation(40_000)
      .client('F.', { seq: 1101, ack: 5201 })
      .server('R', { seq: 5201 }, 'director');
    expect(fateOf(fromDirector).fate).toBe('unexplained');
  });

  it('is healthy when a FIN was rejected first and acknowledged in the end', () => {
    const dialogue = story(40_000)
      .client('F.', { seq: 1101, ack: 5202 })
      .server('.', { seq: 5202, ack: 1102 });
    dialogue.clientState = 'gone';
    dialogue.realserverState = 'TIME-WAIT';
    expect(fateOf(dialogue).fate).toBe('healthy');
  });

  it('is close-blocked when both sockets have timed out, but the FIN was refused and never acknowledged', () => {
    const dialogue = story(40_000);
    dialogue.earlier = [{ client: 'LAST-ACK', realserver: 'FIN-WAIT-2' }];
    dialogue.clientState = 'gone';
    dialogue.realserverState = 'gone';
    const { fate, because } = fateOf(dialogue);
    expect(fate).toBe('close-blocked');
    expect(because).toContain('both are gone, but not by closing');
  });

  it('is unexplained when the sockets closed and the capture only misses the acknowledgement', () => {
    const dialogue = conversation(40_000)
      .server('F.', { seq: 5201, ack: 1101 })
      .client('F.', { seq: 1101, ack: 5202 });
    dialogue.realserverState = 'TIME-WAIT';
    expect(fateOf(dialogue).fate).toBe('unexplained');
  });

  it('is unexplained when captures and sockets contradict each other', () => {
    const dialogue = conversation(40_000)
      .server('F.', { seq: 5201, ack: 1101 })
      .client('F.', { seq: 1101, ack: 5202 })
      .client('F.', { seq: 1101, ack: 5202 });
    dialogue.clientState = 'LAST-ACK';
    dialogue.realserverState = 'FIN-WAIT-2';
    expect(fateOf(dialogue).fate).toBe('close-blocked');
    dialogue.clientState = 'TIME-WAIT';
    expect(fateOf(dialogue)).toMatchObject({
      fate: 'unexplained',
      because: expect.stringContaining("no sample of the client's") as string,
    });
    dialogue.clientState = 'LAST-ACK';
    dialogue.realserverState = 'TIME-WAIT';
    expect(fateOf(dialogue)).toMatchObject({
      fate: 'unexplained',
      because: expect.stringContaining('no sample of a realserver') as string,
    });
  });

  it('understands acknowledgements across the wrap of sequence numbers', () => {
    const wrap = 2 ** 32;
    const dialogue = new Dialogue(40_000)
      .client('S', { seq: wrap - 3 })
      .server('S.', { seq: 5000, ack: wrap - 2 })
      .client('P.', { seq: wrap - 2, ack: 5001, payload: 1 })
      .client('F.', { seq: wrap - 1, ack: 5202 })
      .server('.', { seq: 5202, ack: wrap - 1 });
    expect(fateOf(dialogue).fate).not.toBe('healthy');
    dialogue.server('.', { seq: 5202, ack: 0 });
    expect(fateOf(dialogue).fate).toBe('healthy');
  });

  it('believes a RST to have closed the connection only when the director forwarded it', () => {
    expect(fateOf(resetHealthy(40_000)).fate).toBe('healthy');
    const refused = resetBlocked(40_000);
    expect(fateOf(refused).fate).toBe('close-blocked');
    refused.realserverState = 'gone';
    expect(fateOf(refused).fate).toBe('unexplained');
  });

  it('is unexplained when the client never closed', () => {
    const dialogue = healthy(40_000);
    dialogue.connection = { ...dialogue.connection, clientClosed: undefined };
    expect(fateOf(dialogue).fate).toBe('unexplained');
  });

  it('is unexplained when the reply was an error page', () => {
    const dialogue = healthy(40_000);
    dialogue.connection = { ...dialogue.connection, httpStatus: 502 };
    expect(fateOf(dialogue)).toMatchObject({
      fate: 'unexplained',
      because: expect.stringContaining('HTTP 502') as string,
    });
  });

  it('goes without a status where nothing was asked, and only there', () => {
    const without = (bytesSent: number): Dialogue => {
      const dialogue = healthy(40_000);
      dialogue.connection = { ...dialogue.connection, httpStatus: undefined, bytesSent };
      return dialogue;
    };
    expect(fateOf(without(0)).fate).toBe('healthy');
    expect(fateOf(without(100))).toMatchObject({
      fate: 'unexplained',
      because: expect.stringContaining('HTTP without a status') as string,
    });
  });

  it('says when the director did forward the FIN, so that the realserver refused it', () => {
    const dialogue = conversation(40_000)
      .server('F.', { seq: 5201, ack: 1101 })
      .client('F.', { seq: 1101, ack: 5202 })
      .refuse('F.', 'realserver1');
    dialogue.clientState = 'LAST-ACK';
    dialogue.realserverState = 'FIN-WAIT-2';
    const { because } = fateOf(dialogue);
    expect(because).toContain('the director forwarded the FIN');
    expect(because).toContain('from the realserver');
    expect(fateOf(story(40_000)).because).toContain('went no further');
  });

  it('ignores copies of frames that the bridge flooded to the client', () => {
    const dialogue = story(40_000);
    const phase = phaseOf([dialogue]);
    const flooded = phaseOf([dialogue]).nodes[1]?.capture?.segments.map((segment) => ({
      ...segment,
      sourceMac: '02:00:00:00:00:03',
    }));
    const capture = phase.nodes[0]?.capture;
    if (capture === undefined || flooded === undefined) throw new Error('expected captures');
    const noisy = withNode(phase, 'client', {
      capture: { ...capture, segments: [...capture.segments, ...flooded] },
    });
    expect(findingOf(noisy)).toEqual(findingOf(phase));
  });
});
