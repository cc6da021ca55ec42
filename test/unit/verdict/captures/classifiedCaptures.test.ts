import { describe, expect, it } from 'vitest';
import {
  classifyCaptures,
  type ClassifiedSegment,
} from '../../../../src/verdict/captures/classifiedCaptures.js';
import { labNodesOf } from '../../../../src/verdict/captures/labNodes.js';
import { Dialogue, flags } from '../dialogue.js';
import { phaseOf } from '../evidence.js';
import { flat, macs, nat, routed } from '../network.js';

/** The captures of a phase with this dialogue. */
function classified(dialogue: Dialogue) {
  const phase = phaseOf([dialogue]);
  return classifyCaptures(labNodesOf(phase), phase);
}

const about = ({ kind, direction, client, sender, receiver, handling }: ClassifiedSegment) =>
  [kind, direction, client, sender?.name, receiver?.name, handling].join(' ');

/** The client's capture of a dialogue on the flat network whose one segment is changed like this. */
function changed(change: object) {
  const dialogue = new Dialogue(40_000).client('S', { seq: 1000 });
  const [segment] = dialogue.captures.client.segments;
  dialogue.captures.client.segments = [{ ...segment!, ...change }];
  return classified(dialogue).client!.segments[0]!;
}

describe('the kind of a segment', () => {
  it.each([
    ['S', 0, 'syn'],
    ['S.', 0, 'syn-ack'],
    ['.', 0, 'ack'],
    ['P.', 10, 'data'],
    ['.', 10, 'data'],
    ['F.', 0, 'fin'],
    ['FP.', 10, 'fin'],
    ['R', 0, 'rst'],
    ['R.', 0, 'rst'],
  ])('of %s with %i bytes is %s', (text, payloadLength, kind) => {
    expect(changed({ flags: flags(text), payloadLength }).kind).toBe(kind);
  });
});

describe('a segment', () => {
  it('is told with its connection, its way, and whose MAC addresses it has', () => {
    const dialogue = new Dialogue(40_000).client('F.', { seq: 1000, ack: 5000 });
    const { client, directors } = classified(dialogue);
    expect(client?.segments.map(about)).toEqual(['fin to-service 10.0.0.2:40000 client director sent']);
    expect(directors[0]?.segments.map(about)).toEqual([
      'fin to-service 10.0.0.2:40000 client director received',
      'fin to-service 10.0.0.2:40000 director realserver1 sent',
    ]);
  });

  it('has the same client whichever way it goes', () => {
    const answered = new Dialogue(40_000).server('S.', { seq: 5000, ack: 1001 });
    const [answer] = classified(answered).client!.segments;
    expect(about(answer!)).toBe('syn-ack from-service 10.0.0.2:40000 realserver1 client received');
  });

  it('that the bridge only flooded is overheard', () => {
    expect(changed({}).handling).toBe('sent');
    expect(changed({ sourceMac: macs.director2 }).handling).toBe('overheard');
    expect(changed({ sourceMac: macs.director2, destinationMac: macs.client }).handling).toBe('received');
  });

  it('of a stranger has no sender', () => {
    expect(changed({ sourceMac: '02:00:00:00:00:99' }).sender).toBeUndefined();
  });

  it('of something else is of neither direction, and the client knows its own end of it', () => {
    const elsewhere = changed({ destination: '10.0.0.77' });
    expect(elsewhere).toMatchObject({ direction: 'other', isAtVip: false, client: '10.0.0.2:40000' });
    const others = changed({ destination: '10.0.0.77', sourceMac: macs.director2 });
    expect(others.client).toBeUndefined();
  });
});

describe("the service's end", () => {
  it('is the VIP, or behind NAT a realserver', () => {
    const { client, directors } = classified(new Dialogue(40_000, nat).client('S', { seq: 1000 }));
    expect(client?.segments.map(({ isAtVip }) => isAtVip)).toEqual([true]);
    const towards = directors[0]?.segments.map(({ isAtVip, direction }) => `${direction} ${isAtVip}`);
    expect(towards).toEqual(['to-service true', 'to-service false']);
  });
});

describe('captures', () => {
  it('are there of the nodes that have one', () => {
    expect(classified(new Dialogue(40_000, flat)).router).toBeUndefined();
    expect(classified(new Dialogue(40_000, routed)).router?.node.name).toBe('router');
  });
});

describe('an ICMP error', () => {
  const refused = () => new Dialogue(40_000).client('F.', { seq: 1000, ack: 5000 }).refuse('F.');

  it('belongs to the connection that it quotes, and tells the kind of the segment', () => {
    const [error] = classified(refused()).client!.errors;
    expect(error).toMatchObject({ client: '10.0.0.2:40000', quoted: 'fin', sender: { name: 'director' } });
  });

  it('is none of the service when it quotes something else', () => {
    const dialogue = refused();
    const [message] = dialogue.icmp;
    dialogue.captures.client.icmp = [{ ...message!, quoted: { ...message!.quoted!, destinationPort: 81 } }];
    expect(classified(dialogue).client?.errors).toEqual([]);
  });

  it('may quote too little to tell the kind', () => {
    const dialogue = refused();
    const [message] = dialogue.icmp;
    dialogue.captures.client.icmp = [{ ...message!, quoted: { ...message!.quoted!, flags: undefined } }];
    expect(classified(dialogue).client?.errors.map(({ quoted }) => quoted)).toEqual([undefined]);
  });
});
