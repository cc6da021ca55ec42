import type { Retries } from '../../../../../../src/contracts/agents/flowProfile.js';
import type { Step } from '../../../../../../src/contracts/agents/conversation.js';
import { makeFlowLoad } from '../../../../../../lab/clients/raw/flowLoad.js';
import type { FlowLoad } from '../../../../../../lab/clients/raw/packet/contracts.js';
import type { FlowReport } from '../../../../../../src/evidence/model/flowTypes.js';
import { profileOf, serverFirst } from './simulate.js';
import { clientMac, directorMac, readFrame, writeFrame, type Flag, type WireSegment } from './wireFormat.js';

/** A segment of the server: its payload begins at byte `at` of its stream, and it acknowledges bytes of the client's. */
export interface Said {
  readonly flags?: readonly Flag[];
  readonly at?: number;
  readonly acknowledges?: number;
  readonly payload?: string;
  readonly window?: number;
  /** Bytes of the frame that are kept. */
  readonly kept?: number;
}

const serverInitial = 0xffff_fffd;

/** One flow whose server says what a test makes it say. Positions in streams count from their first byte; the SYN is at -1. */
export class Script {
  readonly load: FlowLoad;
  readonly #outgoing: WireSegment[] = [];
  #now = 0;
  #clientInitial = 0;

  constructor(retries: Partial<Retries> = {}, steps: readonly Step[] = serverFirst) {
    const limits = { open: 2, data: 2, close: 2, ...retries };
    const profile = profileOf({ steps, flows: { count: 1, sources: 1, retries: limits } });
    const bytes = Buffer.alloc(2048);
    const commit = (length: number): void => {
      const segment = readFrame(Buffer.from(bytes.subarray(0, length)));
      if (segment.flags.has('syn')) this.#clientInitial = segment.sequence;
      this.#outgoing.push(segment);
    };
    const outbox = { bytes, reserve: () => 0, commit };
    const macs = { own: clientMac, nextHop: directorMac };
    this.load = makeFlowLoad({ profile, outbox, macs, now: 0, at: 0 });
  }

  /** Milliseconds pass; what the client sent meanwhile. */
  pass(milliseconds: number): WireSegment[] {
    for (const end = this.#now + milliseconds; this.#now < end;) {
      this.#now = Math.min(this.#now + 5, end);
      this.load.tick(this.#now);
    }
    return this.#taken();
  }

  /** What the client sends next by itself; nothing within the time: nothing. */
  next(milliseconds: number): WireSegment[] {
    for (let passed = 0; passed < milliseconds; passed += 5) {
      const sent = this.pass(5);
      if (sent.length > 0) return sent;
    }
    return [];
  }

  /** The SYN and its answer. */
  connect(window = 65_535): WireSegment[] {
    this.load.tick(this.#now);
    this.#taken();
    return this.say({ flags: ['syn', 'ack'], at: -1, acknowledges: 0, window });
  }

  /** What the client answers at once. */
  say({
    flags = ['ack'],
    at = 0,
    acknowledges = 0,
    payload = '',
    window = 65_535,
    kept,
  }: Said): WireSegment[] {
    const frame = writeFrame({
      source: '10.9.0.100',
      destination: '10.9.1.7',
      sourcePort: 80,
      destinationPort: 1024,
      sequence: (serverInitial + 1 + at + 2 ** 32) % 2 ** 32,
      acknowledgement: (this.#clientInitial + 1 + acknowledges + 2 ** 32) % 2 ** 32,
      flags: new Set(flags),
      window,
      options: flags.includes('syn') ? Buffer.from('020405b4', 'hex') : Buffer.alloc(0),
      payload: Buffer.from(payload, 'latin1'),
    });
    this.load.receive(frame, 0, kept ?? frame.length, this.#now);
    return this.#taken();
  }

  /** Where in the client's stream a segment begins. */
  at(segment: WireSegment): number {
    return (segment.sequence - this.#clientInitial - 1) | 0;
  }

  /** Up to where in the server's stream a segment acknowledges. */
  acknowledged(segment: WireSegment): number {
    return (segment.acknowledgement - serverInitial - 1) | 0;
  }

  finish(): FlowReport {
    return this.load.finish(this.#now, this.#now / 1000, 'told', { sendErrors: {}, receiveDrops: 0 });
  }

  #taken(): WireSegment[] {
    return this.#outgoing.splice(0);
  }
}
