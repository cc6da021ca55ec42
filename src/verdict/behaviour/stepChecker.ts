import type { Step } from '../../contracts/agents/conversation.js';
import { ByteCounts } from './byteCounts.js';
import type { Fault } from './fault.js';
import { TranscriptReader } from './transcriptReader.js';
import type { StreamEvent, Transcript } from './transcript.js';
import { prematureFault, StepTiming } from './stepTiming.js';
import { closeNames, finBehindRequest } from './closeNames.js';
import { durationText } from '../../support/duration.js';

/** What to allow for when a connection is checked. */
export interface Allowances {
  /** When the capture ended. A step that was due shortly before then may be missing without a fault. */
  readonly until: number;
  /** The client's program was told to stop, or its kernel reported an error, so the way the connection ends is no fault. */
  readonly isExcused: boolean;
  /** The client acknowledges a FIN in the way that it is asked to. Only a raw socket does; a kernel decides that by itself. */
  readonly acknowledgesAsTold: boolean;
  /**
   * The client always puts its FIN into the last segment of data, if that still waits to be sent. A kernel does; a raw socket's FIN waits
   * for itself where the data fills its window.
   */
  readonly joinsFin: boolean;
}

/** The conversation stopped here. With a fault the client is to blame, without one it is not. */
export interface StepsEnded {
  readonly fault?: Fault | undefined;
}

type Close = Extract<Step, { do: 'close' }>;
type Send = Extract<Step, { do: 'send' }>;

/** Checks the steps of one connection, one after the other, against what both sides did by the capture. */
export class StepChecker {
  readonly #connectedAt: number | undefined;
  readonly #roundTrip: number | undefined;
  readonly #allowances: Allowances;
  readonly #reader: TranscriptReader;
  readonly #bytes: ByteCounts;
  readonly #timing: StepTiming;
  /** The last request has its whole reply. */
  #isAnswered = false;
  #isClosed = false;
  #isHeld = false;

  constructor(transcript: Transcript, allowances: Allowances) {
    this.#connectedAt = transcript.connectedAt;
    this.#roundTrip = transcript.roundTrip;
    this.#allowances = allowances;
    this.#reader = new TranscriptReader(transcript);
    this.#bytes = new ByteCounts(this.#reader);
    this.#timing = new StepTiming(transcript.openedAt);
  }

  /** Checks the next step; undefined: it was done. */
  take(step: Step, rest: readonly Step[]): StepsEnded | undefined {
    switch (step.do) {
      case 'open':
        return this.#open();
      case 'send':
        return this.#send(step);
      case 'expect':
        return step.what === 'acked' ? undefined : this.#expect(step.what);
      case 'wait':
        this.#timing.wait(step.seconds);
        return undefined;
      case 'close':
        return this.#close(step, rest);
      case 'hold':
        this.#isHeld = true;
        return undefined;
      case 'reopen':
        return undefined;
    }
  }

  /** Checks that the client did nothing after its last step. */
  afterwards(): Fault | undefined {
    const reader = this.#reader;
    for (let event = reader.take(); event !== undefined; event = reader.take()) {
      if (this.#allowances.isExcused || (event.side === 'server' && event.what === 'rst')) return undefined;
      if (event.side === 'server') continue;
      if (this.#isHeld && !this.#isClosed && event.what !== 'data') {
        return {
          asked: 'that the connection is left open',
          seen: `the client sent ${closeNames[event.what]}`,
        };
      }
      if (event.what === 'data') return this.#bytes.surplus();
    }
    if (this.#isClosed && !this.#bytes.isRequestWhole) return this.#bytes.shortfall();
    return this.#bytes.replyFault();
  }

  #open(): StepsEnded | undefined {
    if (this.#connectedAt === undefined) return {};
    this.#timing.over(this.#connectedAt);
    return undefined;
  }

  #send(send: Send): StepsEnded | undefined {
    const event = this.#reader.nextOfClient();
    if (event === undefined) return this.#missing('a request');
    if (event.what !== 'data') {
      return this.#reader.hasServerClosed() ? {} : this.#premature(event, 'its request was answered');
    }
    const early = this.#early(event);
    if (early !== undefined) return early;
    // What forgets silent connections is to meet the server's silence, and not one of the client's before.
    const belated = send.think === undefined ? undefined : this.#timing.belatedFault(event);
    if (belated !== undefined) return { fault: belated };
    this.#bytes.ask(send, event.time);
    this.#isAnswered = false;
    this.#timing.over(this.#bytes.isUnanswered ? this.#bytes.handedOverAt : event.time);
    return undefined;
  }

  #expect(what: 'reply' | 'fin'): StepsEnded | undefined {
    const reader = this.#reader;
    let { time } = this.#timing;
    while (what === 'fin' ? !reader.hasServerClosed() : !this.#bytes.isReplyWhole) {
      const event = reader.take();
      if (event === undefined) return { fault: this.#bytes.thoughtFault() };
      time = event.time;
      if (event.side === 'server') {
        if (event.what === 'rst') return { fault: this.#bytes.thoughtFault() };
        continue;
      }
      const isBody = event.what === 'data' && this.#isBody();
      // Behind its own FIN the client may send nothing, and its kernel may have to answer.
      if (isBody || this.#isClosed) continue;
      if (event.what === 'data') return { fault: this.#bytes.surplus() };
      // Who finds the other side closed gives up.
      if (reader.hasServerClosed()) return {};
      return this.#premature(event, what === 'fin' ? 'the server had closed' : 'the reply was complete');
    }
    this.#timing.over(time);
    if (what === 'fin') return undefined;
    this.#isAnswered = true;
    return ended(this.#bytes.requestFault() ?? this.#bytes.thoughtFault());
  }

  #close(close: Close, rest: readonly Step[]): StepsEnded | undefined {
    const reader = this.#reader;
    const isAhead = rest.some((step) => step.do === 'expect' && step.what === 'reply') && close.how !== 'rst';
    const isFirst = !reader.hasServerClosed();
    const receivedBefore = reader.received;
    let repliedAt: number | undefined;
    for (let event = reader.take(); ; event = reader.take()) {
      if (event === undefined) return this.#missing(closeNames[close.how]);
      if (event.side === 'server') {
        if (event.what === 'rst') return {};
        if (event.what === 'data' && reader.received > receivedBefore) repliedAt ??= event.time;
        continue;
      }
      if (event.what === 'data') {
        if (!this.#isBody()) return { fault: this.#bytes.surplus() };
        continue;
      }
      // Whoever was to close first, it was the server, whose affair that is.
      if (isFirst && reader.hasServerClosed()) return {};
      return this.#closed(event, close, isAhead, repliedAt);
    }
  }

  #closed(
    event: StreamEvent,
    { how, ack }: Close,
    isAhead: boolean,
    repliedAt: number | undefined,
  ): StepsEnded | undefined {
    if (this.#allowances.isExcused) return {};
    if ((event.what === 'rst') !== (how === 'rst')) {
      return {
        fault: {
          asked: `that the client closes with ${closeNames[how]}`,
          seen: `it sent ${closeNames[event.what === 'rst' ? 'rst' : 'fin']} first`,
        },
      };
    }
    const early = this.#early(event);
    if (early !== undefined) return early;
    const isAtOnce = isAhead || (this.#bytes.isUnanswered && !this.#timing.isWaiting && how === 'fin');
    const late = isAtOnce ? this.#lateFault(event, repliedAt) : undefined;
    if (late !== undefined) return { fault: late };
    const rides = !event.finWasAcknowledged;
    const isTold = this.#allowances.acknowledgesAsTold && how !== 'rst' && this.#reader.hasServerClosed();
    if (isTold && rides !== (ack === 'riding')) {
      return {
        fault: {
          asked: `that the server's FIN is acknowledged ${rides ? 'by itself' : "by the client's"}`,
          seen: rides ? "the client's FIN did that" : 'it was by itself',
        },
      };
    }
    this.#isClosed = true;
    this.#timing.over(event.time);
    // Nothing else tells when such a request is over.
    return this.#bytes.isUnanswered ? ended(this.#bytes.requestFault()) : undefined;
  }

  /**
   * A half-close must come before the reply has begun. After an upload it must come at once, because the FIN is to be in the upload's
   * last segment. Where that had to wait for acknowledgements over a slow link, the FIN must be in it.
   */
  #lateFault(event: StreamEvent, repliedAt: number | undefined): Fault | undefined {
    if (repliedAt === undefined) {
      return this.#bytes.isUpload ? (this.#timing.lateFault(event) ?? this.#apartFault(event)) : undefined;
    }
    const detail = `${durationText(event.time - repliedAt, 'short')} after it`;
    return { asked: finBehindRequest, seen: 'its FIN left after the reply had begun', detail };
  }

  #apartFault(event: StreamEvent): Fault | undefined {
    const lastDataAt = this.#reader.lastDataOf('client');
    if (!this.#allowances.joinsFin || !this.#bytes.hasToWait || lastDataAt === undefined) return undefined;
    return this.#timing.apartFault(event, lastDataAt, this.#roundTrip);
  }

  /** Whether data that the client sends now may still belong to its last request. */
  #isBody(): boolean {
    return !this.#isAnswered && !this.#bytes.isTooMuch;
  }

  #early(event: StreamEvent): StepsEnded | undefined {
    if (this.#allowances.isExcused && event.what !== 'data') return {};
    return ended(this.#timing.earlyFault(event));
  }

  #premature(event: StreamEvent, before: string): StepsEnded {
    return this.#allowances.isExcused ? {} : { fault: prematureFault(event, before) };
  }

  /** The client did not do what it was to do next. That is a fault if there was time for it. */
  #missing(what: string): StepsEnded {
    const { until, isExcused } = this.#allowances;
    // A FIN waits behind data that nobody acknowledges.
    const isBehindData = what !== 'a request' && !this.#bytes.isRequestWhole;
    if (isExcused || this.#reader.isReset || isBehindData || !this.#timing.hadTime(until)) return {};
    return {
      fault: { asked: `${what} of the client's`, seen: 'the capture has none, although it was its turn' },
    };
  }
}

function ended(fault: Fault | undefined): StepsEnded | undefined {
  return fault === undefined ? undefined : { fault };
}
