import { describe, expect, it } from 'vitest';
import { findingOf } from '../../../src/verdict/finding.js';
import { Dialogue, incomplete, silent, story } from './dialogue.js';
import { phaseOf, rejectRule } from './evidence.js';

function findingFor(dialogue: Dialogue, realservers: 1 | 2 = 1) {
  const finding = findingOf(phaseOf([dialogue], { director: { rules: [rejectRule] }, realservers }));
  const [fate] = finding.connections;
  if (fate === undefined) throw new Error('expected a fate');
  return { ...fate, finding };
}

/** An earlier connection from the port, that the client reset and the realserver still holds; the one that is judged opens at 99. */
function afterReset(): Dialogue {
  const dialogue = new Dialogue(40_000)
    .at(91)
    .client('S', { seq: 500 })
    .server('S.', { seq: 900, ack: 501 })
    .client('.', { seq: 501, ack: 901 })
    .client('R.', { seq: 601, ack: 901 }, 'director')
    .refuse('R.');
  dialogue.earlier = [{ realserver: 'ESTAB', time: 92 }];
  return dialogue.at(100);
}

/** The realserver answers the new SYN with an acknowledgement for the old connection, and the client that with a RST. */
function challenged(): Dialogue {
  return afterReset()
    .client('S', { seq: 1000 })
    .server('.', { seq: 901, ack: 601 })
    .client('R', { seq: 601 }, 'director');
}

/** Opens, talks and closes. */
function whole(dialogue: Dialogue): Dialogue {
  dialogue
    .server('S.', { seq: 5000, ack: 1001 })
    .client('.', { seq: 1001, ack: 5001 })
    .client('P.', { seq: 1001, ack: 5001, payload: 100 })
    .server('P.', { seq: 5001, ack: 1101, payload: 200 })
    .server('F.', { seq: 5201, ack: 1101 })
    .client('F.', { seq: 1101, ack: 5202 })
    .server('.', { seq: 5202, ack: 1102 });
  dialogue.realserverState = 'TIME-WAIT';
  dialogue.ipvsState = 'FIN_WAIT';
  return dialogue;
}

describe('a connection from a port that was used before', () => {
  it('is unreachable when the realserver still holds the old one and answers for that', () => {
    const dialogue = incomplete(challenged(), false, 'ETIMEDOUT');
    dialogue.clientState = 'SYN-SENT';
    dialogue.realserverState = 'ESTAB';
    const { fate, because, realserverState } = findingFor(dialogue);
    expect(fate).toBe('unreachable');
    expect(because).toContain(
      'answered by an acknowledgement of an old connection that the realserver still holds in ESTAB',
    );
    expect(realserverState).toBe('gone');
  });

  it('does not take a FIN that the old one sends again for an answer to the SYN', () => {
    const dialogue = incomplete(afterReset().client('S', { seq: 1000 }), false, 'ETIMEDOUT');
    dialogue.server('F.', { seq: 901, ack: 601 });
    dialogue.realserverState = 'FIN-WAIT-1';
    const { fate, because } = findingFor(dialogue);
    expect(fate).toBe('unreachable');
    expect(because).not.toContain('answered by an acknowledgement');
  });

  it('is handshake-blocked when the same socket is the new connection’s', () => {
    const dialogue = incomplete(new Dialogue(40_000).client('S', { seq: 1000 }), false, 'ETIMEDOUT');
    dialogue.clientState = 'SYN-SENT';
    dialogue.realserverState = 'ESTAB';
    expect(findingFor(dialogue).fate).toBe('handshake-blocked');
    const again = incomplete(afterReset().client('S', { seq: 1000 }), false, 'ETIMEDOUT');
    again.realserverState = 'SYN-RECV';
    expect(findingFor(again).fate).toBe('handshake-blocked');
    again.realserverState = 'ESTAB';
    expect(findingFor(again).fate).toBe('unreachable');
  });

  it('is healthy when the old one was got rid of, and what that took is not its own', () => {
    const { fate, finding } = findingFor(whole(challenged()));
    expect(fate).toBe('healthy');
    expect(finding.numbers.icmp).toEqual([]);
    expect(finding.signal).toEqual({ kind: 'silence' });
    expect(finding.unsound).toEqual([]);
  });

  it('is not healthy for the RST that closed the old one: its own must be forwarded', () => {
    const open = (): Dialogue => {
      const dialogue = afterReset()
        .client('S', { seq: 1000 })
        .server('.', { seq: 901, ack: 601 })
        .client('R', { seq: 601 })
        .server('S.', { seq: 5000, ack: 1001 })
        .client('.', { seq: 1001, ack: 5001 })
        .client('P.', { seq: 1001, ack: 5001, payload: 100 })
        .server('P.', { seq: 5001, ack: 1101, payload: 200 });
      dialogue.connection = { ...dialogue.connection, clientClosed: 'rst', serverClosed: false };
      return dialogue;
    };
    expect(findingFor(open().client('R.', { seq: 1101, ack: 5201 })).fate).toBe('healthy');
    expect(findingFor(open().client('R.', { seq: 1101, ack: 5201 }, 'director')).fate).not.toBe('healthy');
  });

  it('has nothing of what the old one still sends to its port', () => {
    const dialogue = whole(afterReset().client('S', { seq: 1000 })).server('F.', { seq: 901, ack: 601 });
    expect(findingFor(dialogue).fate).toBe('healthy');
    const stuck = silent(40_000).server('R', { seq: 5202 }, 'director');
    expect(findingFor(stuck).finding.signal).toMatchObject({ kind: 'tcp-reset' });
    const stale = silent(40_000).server('R', { seq: 901 }, 'director').server('R.', { seq: 901, ack: 601 });
    expect(findingFor(stale).finding.signal).toEqual({ kind: 'silence' });
  });

  it('is not answered by a SYN-ACK for an earlier SYN', () => {
    const dialogue = incomplete(afterReset().client('S', { seq: 1000 }), false, 'ETIMEDOUT');
    expect(findingFor(dialogue.server('S.', { seq: 900, ack: 501 })).fate).toBe('unreachable');
    expect(findingFor(dialogue.server('S.', { seq: 5000, ack: 1001 })).fate).not.toBe('unreachable');
  });

  it("is not in an entry of IPVS's from before", () => {
    const phase = phaseOf([whole(afterReset().client('S', { seq: 1000 }))]);
    expect(findingOf(phase).connections[0]?.ipvsState).toBe('FIN_WAIT');
    const before = phase.ipvs.map((sample) => ({ ...sample, time: 95 }));
    expect(findingOf({ ...phase, ipvs: before }).connections[0]?.ipvsState).toBeUndefined();
  });

  it('is on the realserver that answered it, not on the one that holds the old one', () => {
    const dialogue = whole(afterReset().client('S', { seq: 1000 }));
    const phase = phaseOf([dialogue], { realservers: 2 });
    const old = phase.nodes.find(({ name }) => name === 'realserver1')?.samples[0]?.sockets ?? [];
    const nodes = phase.nodes.map((node) =>
      node.name === 'realserver2'
        ? { ...node, samples: [92, 110].map((time) => ({ time, until: time, sockets: old })) }
        : node,
    );
    expect(findingOf({ ...phase, nodes }).connections[0]).toMatchObject({
      fate: 'healthy',
      realserver: 'realserver1',
      realserverState: 'TIME-WAIT',
    });
    const unsampled = nodes.map((node) =>
      node.name === 'realserver1' ? { ...node, samples: [{ time: 110, until: 110, sockets: [] }] } : node,
    );
    expect(findingOf({ ...phase, nodes: unsampled }).connections[0]).toMatchObject({
      fate: 'healthy',
      realserver: 'realserver1',
      realserverState: 'gone',
    });
  });

  describe('when the kernel gives a port out again', () => {
    /** Opened at 90, and whole; a sample at 95 still has it. */
    function first(): Dialogue {
      const dialogue = whole(new Dialogue(40_000).at(91).client('S', { seq: 1000 }));
      dialogue.connection = { ...dialogue.connection, openedAt: 90 };
      dialogue.earlier = [{ client: 'ESTAB', realserver: 'ESTAB', time: 95 }];
      dialogue.realserverState = 'gone';
      return dialogue;
    }
    const bothWith = (second: Dialogue) =>
      findingOf(phaseOf([first(), second], { director: { rules: [rejectRule] } }));

    it('is told from the one before by the time at which each was opened', () => {
      const { connections, unsound } = bothWith(story(40_000));
      expect(connections.map(({ fate }) => fate)).toEqual(['healthy', 'close-blocked']);
      expect(unsound).toEqual([]);
      const atOnce = story(40_000);
      atOnce.connection = { ...atOnce.connection, openedAt: 90 };
      expect(bothWith(atOnce).unsound.join()).toContain('cannot be told apart');
    });

    it('has no socket that may be the earlier one’s', () => {
      const second = incomplete(new Dialogue(40_000).client('S', { seq: 2000 }), false, 'ETIMEDOUT');
      second.realserverState = 'ESTAB';
      const { connections } = bothWith(second);
      // Nobody answered the second SYN, so the socket is the first one's, which is stuck.
      expect(connections.map(({ fate }) => fate)).toEqual(['close-blocked', 'unreachable']);
      const unsampled = first();
      unsampled.earlier = [];
      expect(findingOf(phaseOf([unsampled, second])).connections[1]?.fate).toBe('unreachable');
    });
  });
});
