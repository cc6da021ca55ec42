import type { LoadReport } from '../../../../src/evidence/model/loadReport.js';
import type { Conversation } from '../../../../src/contracts/agents/conversation.js';
import type { Load } from '../../../../src/contracts/agents/load.js';
import { describe, expect, it } from 'vitest';
import type { RequestedLoad } from '../../../../src/evidence/model/requestedLoad.js';
import type { CapturedNeighbour, PhaseEvidence } from '../../../../src/evidence/model/evidence.js';
import { builtInConversation } from '../../../../src/scenario/model/builtInConversations.js';
import { findingOf } from '../../../../src/verdict/finding.js';
import { judge } from '../../../../src/verdict/judge.js';
import { conversation, Dialogue, healthy, incomplete, resetHealthy, silent, story } from '../dialogue.js';
import { evidenceOf, phaseOf, rejectRule, withNode } from '../evidence.js';
import { flat, macs } from '../network.js';
import { flowReport } from '../../evidence/flowSamples.js';

type Part = Partial<Omit<Load, 'close'>> & { readonly close?: Partial<Load['close']> };

const askedOf = (
  { close, ...load }: Part = {},
  conversations: readonly Conversation[] = [],
): RequestedLoad => ({
  load: {
    ...{ connections: 1, every: 0, requests: 1, upload: 0, download: 0, rate: 0, idle: 0 },
    ...{ connect: 'non-blocking', ports: 'own', reopen: false },
    ...load,
    close: { first: 'server', how: 'fin', after: 0, ...close },
  },
  conversations,
});

const rejecting = { director: { rules: [rejectRule] } };

/** What is said of connections that were to do as `asked`. */
const complaints = (
  dialogues: readonly Dialogue[],
  asked: Part,
  report: Partial<LoadReport> = {},
): readonly string[] => {
  const phase = phaseOf(dialogues, rejecting);
  const changed: PhaseEvidence = {
    ...phase,
    asked: askedOf(asked),
    load: { ...phase.load!, ...report },
  };
  return findingOf(changed).unsound;
};

/** The client closes first, `times` seconds after each other: reply, FIN, FIN of the server's. */
function clientFirst(port: number, closedAt = 100): Dialogue {
  const dialogue = conversation(port)
    .at(closedAt)
    .client('F.', { seq: 1101, ack: 5201 })
    .server('F.', { seq: 5201, ack: 1102 })
    .client('.', { seq: 1102, ack: 5202 });
  dialogue.clientState = 'TIME-WAIT';
  return dialogue;
}

/** The client's FIN follows its request; `first` says what the wire has first. */
function halfClosed(port: number, first: 'fin' | 'reply'): Dialogue {
  const dialogue = new Dialogue(port)
    .client('S', { seq: 1000 })
    .server('S.', { seq: 5000, ack: 1001 })
    .client('.', { seq: 1001, ack: 5001 })
    .client('P.', { seq: 1001, ack: 5001, payload: 100 });
  if (first === 'fin') {
    dialogue.client('F.', { seq: 1101, ack: 5001 }).server('P.', { seq: 5001, ack: 1102, payload: 200 });
  } else {
    dialogue
      .server('P.', { seq: 5001, ack: 1101, payload: 200 })
      .at(100.05)
      .client('F.', { seq: 1101, ack: 5201 });
  }
  dialogue.server('F.', { seq: 5201, ack: 1102 }).client('.', { seq: 1102, ack: 5202 });
  dialogue.clientState = 'TIME-WAIT';
  dialogue.connection = { ...dialogue.connection, clientClosed: 'half-close' };
  return dialogue;
}

/**
 * A body behind which the client half-closes: the FIN is in the last segment, leaves before that is acknowledged, or after. The client's
 * link is slow in front of its capture, so that the handshake has the round trip, and data is acknowledged soon.
 */
function slowUpload(
  port: number,
  fin: 'in it' | 'before' | 'after',
  roundTrip = 0.2,
  body = 20_000,
): Dialogue {
  const last = 1101 + body - 100;
  const end = last + 100;
  const dialogue = new Dialogue(port)
    .client('S', { seq: 1000 })
    .server('S.', { seq: 5000, ack: 1001 })
    .at(100 + roundTrip)
    .client('.', { seq: 1001, ack: 5001 })
    .client('P.', { seq: 1001, ack: 5001, payload: 100 })
    .client('P.', { seq: 1101, ack: 5001, payload: body - 100 })
    .server('.', { seq: 5001, ack: last })
    .at(102)
    .client(fin === 'in it' ? 'FP.' : 'P.', { seq: last, ack: 5001, payload: 100 });
  if (fin === 'before') dialogue.at(102.006).client('F.', { seq: end, ack: 5001 });
  dialogue.at(102.01).server('.', { seq: 5001, ack: end });
  if (fin === 'after') dialogue.at(102.015).client('F.', { seq: end, ack: 5001 });
  dialogue
    .at(103)
    .server('P.', { seq: 5001, ack: end + 1, payload: 200 })
    .server('F.', { seq: 5201, ack: end + 1 })
    .client('.', { seq: end + 1, ack: 5202 });
  dialogue.clientState = 'TIME-WAIT';
  dialogue.connection = { ...dialogue.connection, clientClosed: 'half-close' };
  return dialogue;
}

const longUpload: Part = { upload: 20_000, close: { first: 'client', how: 'half-close' } };

const halfClose: Part = { close: { first: 'client', how: 'half-close' } };
const byClient: Part = { close: { first: 'client' } };

describe('the behaviour of connections on the wire', () => {
  it('makes a verdict inconclusive when it is not what the plan asks for', () => {
    const measured = { ...phaseOf([healthy(40_000), healthy(40_001)]), asked: askedOf() };
    const expected = { outcome: 'healthy', signal: undefined } as const;
    expect(judge(expected, evidenceOf(measured)).result).toBe('pass');
    expect(findingOf(measured).numbers.followed).toEqual({ connections: 2, flows: undefined });
    expect(findingOf({ ...measured, asked: undefined }).numbers.followed).toBeUndefined();
    const { result, reasons } = judge(expected, evidenceOf({ ...measured, asked: askedOf(byClient) }));
    expect(result).toBe('inconclusive');
    expect(reasons.join('\n')).toContain('did not do on the wire what the scenario says');
  });

  it('is a half-close only when the FIN leaves before the reply has begun', () => {
    expect(complaints([halfClosed(40_000, 'fin'), halfClosed(40_001, 'fin')], halfClose)).toEqual([]);
    expect(
      complaints(
        [halfClosed(40_000, 'fin'), halfClosed(40_001, 'reply'), halfClosed(40_002, 'reply')],
        halfClose,
      ),
    ).toEqual([
      "2 of 3 connections did not do on the wire what the scenario says: asked for was the client's FIN right behind its request; its FIN left after the reply had begun (the first, 10.0.0.2:40001: 50 ms after it).",
    ]);
  });

  it('closes at once behind an upload, or its FIN would not ride on the last of it', () => {
    const uploaded = (closedAt: number, acknowledged: boolean): Dialogue => {
      const dialogue = new Dialogue(40_000)
        .client('S', { seq: 1000 })
        .server('S.', { seq: 5000, ack: 1001 })
        .client('.', { seq: 1001, ack: 5001 })
        .client('P.', { seq: 1001, ack: 5001, payload: 3100 });
      if (acknowledged) dialogue.server('.', { seq: 5001, ack: 4101 });
      dialogue
        .at(closedAt)
        .client('F.', { seq: 4101, ack: 5001 })
        .server('P.', { seq: 5001, ack: 4102, payload: 200 })
        .server('F.', { seq: 5201, ack: 4102 })
        .client('.', { seq: 4102, ack: 5202 });
      dialogue.clientState = 'TIME-WAIT';
      dialogue.connection = { ...dialogue.connection, clientClosed: 'half-close' };
      return dialogue;
    };
    const asked: Part = { ...halfClose, upload: 3000 };
    expect(complaints([uploaded(100.05, true)], asked)).toEqual([]);
    // What is still on its way holds a FIN up.
    expect(complaints([uploaded(101.4, false)], asked)).toEqual([]);
    expect(complaints([uploaded(101.4, true)], asked).join()).toContain(
      'its FIN left long after all of that was acknowledged, as happens on a busy machine (the first, 10.0.0.2:40000: 1.4 s after it)',
    );
    // Behind a request without a body a late FIN is as good.
    expect(complaints([uploaded(101.4, true)], halfClose).join()).not.toContain('long after');
  });

  it('has its FIN in the last segment of an upload that had to wait for a round trip', () => {
    expect(complaints([slowUpload(40_000, 'in it')], longUpload)).toEqual([]);
    expect(complaints([slowUpload(40_000, 'before'), slowUpload(40_001, 'in it')], longUpload)).toEqual([
      "1 of 2 connections did not do on the wire what the scenario says: asked for was the client's FIN right behind its request; its FIN left by itself, behind the last segment of that and not in it, as happens on a busy machine (the first, 10.0.0.2:40000: 6 ms after it, and before that was acknowledged).",
    ]);
    expect(complaints([slowUpload(40_000, 'after')], longUpload).join()).toContain(
      '15 ms after it, and 5 ms after that was acknowledged).',
    );
  });

  it('may have its FIN behind an upload of which nothing had to wait', () => {
    const apart = (asked: Part, roundTrip?: number, body?: number): readonly string[] =>
      complaints([slowUpload(40_000, 'after', roundTrip, body)], asked);
    expect(apart(longUpload)).toHaveLength(1);
    // Over a fast link the client's program has no time to close before the last of it leaves.
    expect(apart(longUpload, 0.001)).toEqual([]);
    // The kernel sends ten segments before it waits.
    expect(apart({ ...longUpload, upload: 14_000 }, undefined, 14_000)).toEqual([]);
    // At a rate the client itself holds its data back.
    expect(apart({ ...longUpload, rate: 1_000_000 })).toEqual([]);
  });

  it('takes the round trip of the SYN that was answered, which may have been sent more than once', () => {
    const withSynAt = (time: number, roundTrip: number): readonly string[] => {
      const dialogue = slowUpload(40_000, 'after', roundTrip);
      const { segments } = dialogue.captures.client;
      segments.push({ ...segments[0]!, time });
      segments.sort((one, other) => one.time - other.time);
      return complaints([dialogue], longUpload);
    };
    // The one before was lost: what took a second was not the way.
    expect(withSynAt(99, 0.001)).toEqual([]);
    // The one behind was sent when the answer to the first was on its way, or had come.
    expect(withSynAt(100.95, 1)).toHaveLength(1);
    expect(withSynAt(100.0005, 0.001)).toEqual([]);
  });

  it('is no half-close to close behind the reply, nor the other way round', () => {
    expect(complaints([clientFirst(40_000)], byClient)).toEqual([]);
    expect(complaints([clientFirst(40_000)], halfClose).join()).toContain('after the reply had begun');
    expect(complaints([halfClosed(40_000, 'fin')], byClient).join()).toContain(
      'asked for was that the client closes when the reply was complete; it sent a FIN before',
    );
  });

  it('has the server close first where that is asked for', () => {
    expect(complaints([healthy(40_000)], {})).toEqual([]);
    expect(complaints([clientFirst(40_000)], {}).join()).toContain(
      'asked for was that the client closes when the server had closed; it sent a FIN before',
    );
  });

  it('closes as it is told: by FIN or by RST', () => {
    const byReset: Part = { close: { first: 'client', how: 'rst' } };
    expect(complaints([resetHealthy(40_000)], byReset)).toEqual([]);
    expect(complaints([resetHealthy(40_000)], byClient).join()).toContain(
      'asked for was that the client closes with a FIN; it sent a RST first',
    );
    expect(complaints([clientFirst(40_000)], byReset).join()).toContain('with a RST; it sent a FIN first');
  });

  it('is silent for as long as it is told, which may be longer but not shorter', () => {
    const idle: Part = { ...byClient, idle: 3 };
    expect(complaints([clientFirst(40_000, 103)], idle)).toEqual([]);
    expect(complaints([clientFirst(40_000, 107)], idle)).toEqual([]);
    expect(complaints([clientFirst(40_000, 101)], idle).join()).toContain(
      "asked for was 3 s of silence before the client's close; there was less (the first, 10.0.0.2:40000: 1.0 s)",
    );
    expect(complaints([clientFirst(40_000, 102.997)], idle)).toEqual([]);
    expect(complaints([clientFirst(40_000, 102.98)], idle).join()).toContain('there was less');
  });

  it('follows a server that closed as late as it is told', () => {
    const late = (time: number): Dialogue => {
      const dialogue = conversation(40_000)
        .server('F.', { seq: 5201, ack: 1101 })
        .at(time)
        .client('F.', { seq: 1101, ack: 5202 })
        .server('.', { seq: 5202, ack: 1102 });
      dialogue.realserverState = 'TIME-WAIT';
      return dialogue;
    };
    expect(complaints([late(104)], { close: { after: 4 } })).toEqual([]);
    expect(complaints([late(100.1)], { close: { after: 4 } }).join()).toContain('4 s of silence');
  });

  describe('whose server thinks', () => {
    /** The reply comes at this time; the request's one segment left at 100 s. */
    const answered = (repliedAt: number, isReset = false): Dialogue => {
      const dialogue = new Dialogue(40_000)
        .client('S', { seq: 1000 })
        .server('S.', { seq: 5000, ack: 1001 })
        .client('.', { seq: 1001, ack: 5001 })
        .client('P.', { seq: 1001, ack: 5001, payload: 100 })
        .at(repliedAt)
        .server('P.', { seq: 5001, ack: 1101, payload: 200 });
      if (isReset) return incomplete(dialogue.server('R', { seq: 5201 }, 'director'), true, 'ECONNRESET');
      dialogue
        .server('F.', { seq: 5201, ack: 1101 })
        .client('F.', { seq: 1101, ack: 5202 })
        .server('.', { seq: 5202, ack: 1102 });
      dialogue.realserverState = 'TIME-WAIT';
      return dialogue;
    };

    it('is answered no sooner than after that time', () => {
      expect(complaints([answered(107)], { think: 7 })).toEqual([]);
      expect(complaints([answered(112)], { think: 7 })).toEqual([]);
      expect(complaints([answered(104)], { think: 7 }).join()).toContain(
        'asked for was a reply 7 s after the request; it came sooner (the first, 10.0.0.2:40000: 4.0 s)',
      );
      expect(complaints([answered(104)], {})).toEqual([]);
    });

    it('is held against that also where the reply was cut off', () => {
      const asked = { think: 7, download: 5000 };
      expect(complaints([answered(107, true)], asked).join()).not.toContain('on the wire');
      expect(complaints([answered(104, true)], asked).join()).toContain('it came sooner');
    });

    it('asks as soon as it is open, or what breaks may have been the silence before', () => {
      const asking = (time: number): Dialogue =>
        incomplete(
          new Dialogue(40_000)
            .client('S', { seq: 1000 })
            .server('S.', { seq: 5000, ack: 1001 })
            .client('.', { seq: 1001, ack: 5001 })
            .at(time)
            .client('P.', { seq: 1001, ack: 5001, payload: 100 }, 'director')
            .server('R', { seq: 5001 }, 'director'),
          true,
          'ECONNRESET',
        );
      expect(complaints([asking(101)], { think: 7 }).join()).not.toContain('on the wire');
      expect(complaints([asking(111)], { think: 7 }).join()).toContain(
        'asked for was a request as soon as it is its turn; it left late, as happens on a busy machine (the first, 10.0.0.2:40000: 11.0 s later)',
      );
      expect(complaints([asking(111)], {}).join()).not.toContain('on the wire');
    });

    it('is answered late behind a half-close too', () => {
      const late = (time: number): Dialogue => {
        const dialogue = new Dialogue(40_000)
          .client('S', { seq: 1000 })
          .server('S.', { seq: 5000, ack: 1001 })
          .client('.', { seq: 1001, ack: 5001 })
          .client('P.', { seq: 1001, ack: 5001, payload: 100 })
          .client('F.', { seq: 1101, ack: 5001 })
          .at(time)
          .server('P.', { seq: 5001, ack: 1102, payload: 200 })
          .server('F.', { seq: 5201, ack: 1102 })
          .client('.', { seq: 1102, ack: 5202 });
        dialogue.clientState = 'TIME-WAIT';
        dialogue.connection = { ...dialogue.connection, clientClosed: 'half-close' };
        return dialogue;
      };
      expect(complaints([late(107)], { ...halfClose, think: 7 })).toEqual([]);
      expect(complaints([late(101)], { ...halfClose, think: 7 }).join()).toContain('it came sooner');
    });
  });

  describe('that is never answered', () => {
    const asked: Part = { ...byClient, upload: 3000, reply: false };
    /** All of it is there at 100 s, and the client closes at this time; `reply` bytes come in between. */
    const uploaded = (closedAt: number, { body = 3000, reply = 0 } = {}): Dialogue => {
      const end = 1101 + body;
      const dialogue = new Dialogue(40_000)
        .client('S', { seq: 1000 })
        .server('S.', { seq: 5000, ack: 1001 })
        .client('.', { seq: 1001, ack: 5001 })
        .client('P.', { seq: 1001, ack: 5001, payload: end - 1001 })
        .server('.', { seq: 5001, ack: end });
      if (reply > 0) dialogue.server('P.', { seq: 5001, ack: end, payload: reply });
      dialogue
        .at(closedAt)
        .client('F.', { seq: end, ack: 5001 + reply })
        .server('F.', { seq: 5001 + reply, ack: end + 1 })
        .client('.', { seq: end + 1, ack: 5002 + reply });
      dialogue.clientState = 'TIME-WAIT';
      dialogue.connection = {
        ...dialogue.connection,
        ...{ unanswered: true, httpStatus: undefined, bytesReceived: reply, firstByteSeconds: undefined },
      };
      return dialogue;
    };

    it('sends all, and closes at once', () => {
      expect(complaints([uploaded(100.05)], asked)).toEqual([]);
      expect(complaints([uploaded(101.4)], asked).join()).toContain(
        "asked for was the client's FIN right behind its request; its FIN left long after all of that was acknowledged",
      );
      expect(complaints([uploaded(100.05, { body: 1000 })], asked).join()).toContain(
        'asked for was requests of at least 3020 bytes in all; the client sent less',
      );
    });

    it('or closes after a silence, which is no shorter than asked for', () => {
      expect(complaints([uploaded(101.4)], { ...asked, idle: 1 })).toEqual([]);
      expect(complaints([uploaded(100.5)], { ...asked, idle: 1 }).join()).toContain('1 s of silence');
      // What goes at a rate is not over when it begins.
      expect(complaints([uploaded(101.4)], { ...asked, idle: 1, rate: 1000 }).join()).toContain(
        '1 s of silence',
      );
    });

    it('gets no reply', () => {
      expect(complaints([uploaded(101.4, { reply: 200 })], { ...asked, idle: 1 }).join()).toContain(
        'asked for was replies of 0 to 0 bytes in all; there was another number',
      );
    });

    it('has its FIN in the last segment of what had to wait for a round trip', () => {
      const unanswered = (fin: 'in it' | 'after') => {
        const dialogue = slowUpload(40_000, fin);
        const { segments } = dialogue.captures.client;
        segments.splice(
          segments.findIndex(({ sourcePort, payloadLength }) => sourcePort === 80 && payloadLength > 0),
          1,
        );
        dialogue.connection = {
          ...dialogue.connection,
          unanswered: true,
          clientClosed: 'fin',
          httpStatus: undefined,
        };
        return dialogue;
      };
      const long: Part = { ...byClient, upload: 20_000, reply: false };
      expect(complaints([unanswered('in it')], long).join()).not.toContain('by itself');
      expect(complaints([unanswered('after')], long).join()).toContain('its FIN left by itself');
    });
  });

  it('has as many requests as are asked for', () => {
    expect(complaints([healthy(40_000)], { requests: 2 }).join()).toContain('has only a part of it');
    const twice = (): Dialogue => {
      const dialogue = conversation(40_000)
        .client('P.', { seq: 1101, ack: 5201, payload: 100 })
        .server('P.', { seq: 5201, ack: 1201, payload: 200 })
        .server('F.', { seq: 5401, ack: 1201 })
        .client('F.', { seq: 1201, ack: 5402 })
        .server('.', { seq: 5402, ack: 1202 });
      dialogue.realserverState = 'TIME-WAIT';
      return dialogue;
    };
    expect(complaints([twice()], { requests: 2 })).toEqual([]);
    expect(complaints([twice()], {})).not.toEqual([]);
  });

  it('waits for the reply to each request', () => {
    const early = conversation(40_000)
      .client('P.', { seq: 1101, ack: 5201, payload: 100 })
      .client('F.', { seq: 1201, ack: 5201 })
      .server('P.', { seq: 5201, ack: 1202, payload: 200 })
      .server('F.', { seq: 5401, ack: 1202 })
      .client('.', { seq: 1202, ack: 5402 });
    early.clientState = 'TIME-WAIT';
    expect(complaints([early], { requests: 2, ...halfClose })).toEqual([]);
    expect(complaints([early], { requests: 2, ...byClient }).join()).toContain(
      'that the client closes when the reply was complete; it sent a FIN before',
    );
  });

  it.each(['upload', 'download'] as const)('has an %s of the size that is asked for', (what) => {
    expect(complaints([healthy(40_000)], { [what]: 50 })).toEqual([]);
    expect(complaints([healthy(40_000)], { [what]: 5000 }).join()).toMatch(/5020|only a part of it/);
  });

  it('sends no faster than the rate that is asked for', () => {
    const slowly = (time: number): Dialogue => {
      const dialogue = new Dialogue(40_000)
        .client('S', { seq: 1000 })
        .server('S.', { seq: 5000, ack: 1001 })
        .client('.', { seq: 1001, ack: 5001 })
        .client('P.', { seq: 1001, ack: 5001, payload: 100 })
        .at(time)
        .client('P.', { seq: 1101, ack: 5001, payload: 3000 })
        .server('P.', { seq: 5001, ack: 4101, payload: 200 })
        .server('F.', { seq: 5201, ack: 4101 })
        .client('F.', { seq: 4101, ack: 5202 })
        .server('.', { seq: 5202, ack: 4102 });
      dialogue.realserverState = 'TIME-WAIT';
      return dialogue;
    };
    const asked = { upload: 3000, rate: 1000 };
    expect(complaints([slowly(103)], asked)).toEqual([]);
    expect(complaints([slowly(101)], asked).join()).toContain(
      'asked for was 3000 bytes of upload at 1000 a second; they went faster',
    );
  });

  it('is opened again from the same port where that is asked for', () => {
    expect(complaints([healthy(40_000)], { reopen: true }).join()).toContain(
      'that each is opened again from its port; the capture has only one',
    );
  });

  it('is opened again past the director, too', () => {
    const past = (reopen: boolean) => {
      const phase = phaseOf([healthy(40_000)], rejecting);
      const capture = phase.nodes[0]!.capture!;
      const claim: CapturedNeighbour = {
        time: 91,
        sourceMac: macs.realserver1,
        destinationMac: macs.client,
        family: 'ipv4',
        asks: undefined,
        claims: flat.vip,
      };
      const heard = withNode(phase, 'client', { capture: { ...capture, neighbours: [claim] } });
      return findingOf({ ...heard, asked: askedOf({ reopen }) });
    };
    expect(past(false)).toMatchObject({ outcome: 'bypassed', unsound: [] });
    expect(past(true).unsound.join()).toContain('that each is opened again from its port');
  });

  it('is opened again as often as that is asked for', () => {
    expect(complaints([healthy(40_000)], { reopen: 2 }).join()).toContain('the capture has only one');
    expect(complaints([healthy(40_000)], { reopen: false })).toEqual([]);
  });

  it('is held against the pace by its own opening, not by the first of its port', () => {
    const used = (openedAt: number, seq: number): Dialogue => {
      const dialogue = new Dialogue(40_000)
        .at(openedAt)
        .client('S', { seq })
        .server('S.', { seq: 5000, ack: seq + 1 });
      dialogue.connection = { ...dialogue.connection, openedAt };
      return dialogue;
    };
    const said = (second: number): string =>
      complaints([used(100, 1000), used(second, 7000)], { every: 2 }, { startedAt: 100 }).join();
    expect(said(102)).not.toContain('sooner on the wire');
    expect(said(101)).toContain('1 of 2 connections were opened sooner on the wire');
  });

  it('is opened so long after the others where that is asked for', () => {
    const opened = (port: number, openedAt: number): Dialogue => {
      const dialogue = new Dialogue(port)
        .at(openedAt)
        .client('S', { seq: 1000 })
        .server('S.', { seq: 5000, ack: 1001 });
      dialogue.connection = { ...dialogue.connection, openedAt };
      return dialogue;
    };
    const said = (time: number): string => {
      const later = opened(40_001, time);
      later.connection = { ...later.connection, later: true };
      return complaints([opened(40_000, 100), later], { later: { connections: 1, after: 5 } }).join();
    };
    expect(said(105)).not.toContain('sooner on the wire');
    expect(said(104)).toContain(
      '1 of 1 connections were opened sooner on the wire than the scenario says, which is 5 s after the others are open.',
    );
  });

  it('takes the ports of the service in turn, and is opened no sooner than is asked for', () => {
    const other = healthy(40_000);
    other.connection = { ...other.connection, port: 8000 };
    expect(complaints([other], {}).join()).toContain('asked for was port 80 of the service');
    const three = [healthy(40_000), healthy(40_001), healthy(40_002)];
    expect(complaints(three, { every: 2 }, { startedAt: 96 })).toEqual([]);
    expect(complaints(three, { every: 2 }, { startedAt: 99 }).join()).toContain(
      '2 of 3 connections were opened sooner on the wire than the scenario says, which is one every 2 s.',
    );
  });

  it('is that of the kind of client that is asked for', () => {
    expect(complaints([healthy(40_000)], { connect: 'blocking' }).join()).toContain(
      'asks for a blocking connect()',
    );
    expect(complaints([healthy(40_000)], { connect: 'blocking' }, { nonBlockingConnect: false })).toEqual([]);
  });

  it('is judged up to the point that a packet filter let it come to', () => {
    expect(complaints([story(40_000), silent(40_001)], {})).toEqual([]);
    // No reply, so no close was due; and what the agent's end does to the connection is not its conduct.
    const stalled = incomplete(
      new Dialogue(40_000)
        .client('S', { seq: 1000 })
        .server('S.', { seq: 5000, ack: 1001 })
        .client('.', { seq: 1001, ack: 5001 })
        .client('P.', { seq: 1001, ack: 5001, payload: 100 }, 'director')
        .refuse('P.')
        .at(105)
        .client('F.', { seq: 1101, ack: 5001 }, 'director'),
      true,
    );
    stalled.clientState = 'FIN-WAIT-1';
    stalled.realserverState = 'ESTAB';
    expect(complaints([stalled], {})).toEqual([]);
    stalled.connection = { ...stalled.connection, clientClosed: 'fin' };
    expect(complaints([stalled], {}).join()).toContain('it sent a FIN before');
  });

  it('is at fault when the client had everything, and never closed', () => {
    const open = conversation(40_000).server('F.', { seq: 5201, ack: 1101 });
    expect(complaints([open], {}, { finishedAt: 109 }).join()).toContain(
      "asked for was a FIN of the client's; the capture has none, although it was its turn",
    );
  });
});

describe('the behaviour of flows on the wire', () => {
  const flowsOf = (
    dialogues: readonly Dialogue[],
    conversations: readonly Conversation[],
    captureDrops: Record<string, number> = {},
    sources: readonly string[] = ['10.0.0.2'],
    queueDrops: Record<string, Record<string, number>> = {},
  ): readonly string[] => {
    const phase = phaseOf([healthy(39_000)]);
    const client = phaseOf([healthy(39_000), ...dialogues]).nodes[0]!;
    const evidence: PhaseEvidence = {
      ...phase,
      nodes: phase.nodes.map((node) => (node.name === 'client' ? client : node)),
      asked: askedOf({}, conversations),
      flows: {
        ...{ sources, asked: { count: 1, rate: 1, ramp: 0 }, seconds: [], way: [] },
        ...{ sockets: {}, ipvs: {}, ipvsStats: {}, links: {}, queueDrops, backlogDrops: 0 },
        report: { ...flowReport(), startedAt: 90, finishedAt: 120 },
        captureDrops,
      },
    };
    return findingOf(evidence).unsound.filter((reason) => /on the wire|none of the flows/.test(reason));
  };

  it('is one of the conversations that they are made of', () => {
    const mix = [builtInConversation('client-first'), builtInConversation('server-first-riding')];
    expect(flowsOf([clientFirst(1024)], mix)).toEqual([]);
    expect(flowsOf([clientFirst(1024), resetHealthy(1025)], mix).join()).toContain(
      '1 of 3 flows that were captured did not do on the wire what the scenario says',
    );
  });

  it('is a half-close only when the FIN leaves before the reply has begun', () => {
    const mix = [builtInConversation('half-close'), builtInConversation('server-first-riding')];
    expect(flowsOf([halfClosed(1024, 'fin')], mix)).toEqual([]);
    expect(flowsOf([halfClosed(1024, 'reply')], mix).join()).toContain('1 of 2 flows that were captured');
  });

  it('may have a FIN behind an upload, where the data fills the window of its raw socket', () => {
    const upload = { do: 'send', then: 'keep', upload: 20_000, download: 0, rate: 0 } as const;
    const steps = builtInConversation('half-close').steps.map((step) => (step.do === 'send' ? upload : step));
    const mix = [{ name: 'custom', steps }, builtInConversation('server-first-riding')];
    expect(flowsOf([slowUpload(1024, 'after')], mix)).toEqual([]);
    expect(flowsOf([slowUpload(1024, 'after', 0.2, 10_000)], mix).join()).toContain('1 of 2 flows');
  });

  it('acknowledges a FIN as it is told', () => {
    expect(flowsOf([], [builtInConversation('server-first-riding')])).toEqual([]);
    expect(flowsOf([], [builtInConversation('server-first')]).join()).toContain(
      "asked for was that the server's FIN is acknowledged by itself; the client's FIN did that",
    );
  });

  it('may have acknowledged a FIN by itself where its own queue dropped packets, which are in no capture', () => {
    const seen = (node: string, dropped: number) =>
      flowsOf([], [builtInConversation('server-first')], {}, ['10.0.0.2'], { [node]: { eth0: dropped } });
    expect(seen('client', 1)).toEqual([]);
    expect([seen('client', 0), seen('director', 1)].flat()).toHaveLength(2);
  });

  it('leaves open what is to be held', () => {
    const mix = [builtInConversation('hold'), builtInConversation('server-first-riding')];
    expect(flowsOf([conversation(1024)], mix)).toEqual([]);
    expect(flowsOf([clientFirst(1024)], mix).join()).toContain('that the connection is left open');
  });

  it('is unknown where the capture has none of them', () => {
    expect(flowsOf([], [builtInConversation('server-first-riding')], {}, ['10.0.0.77']).join()).toContain(
      'has none of the flows',
    );
  });

  it('is not looked at where the capture itself lost packets', () => {
    expect(flowsOf([], [builtInConversation('hold')])).not.toEqual([]);
    expect(flowsOf([], [builtInConversation('hold')], { client: 1 })).toEqual([]);
  });
});
