import type { Step } from '../../contracts/agents/conversation.js';
import { ByteCounts } from './byteCounts.js';
import type { Fault } from './fault.js';
import { TranscriptReader } from './transcriptReader.js';
import type { StreamEvent, Transcript } from './transcript.js';
import { prematureFault, StepTiming } from './stepTiming.js';
import { closeNames, halfClose } from './closeNames.js';
import { durationText } from '../../support/duration.js';

/** What to bear in mind of a connection. */
export interface Allowances {
  /** When nothing more could be seen: what was due shortly before then may have been on its way. */
  readonly until: number;
  /** The client's program was made to let go, or its kernel reported an error: how the connection then ends is not its doing. */
  readonly isExcused: boolean;
  /** A kernel decides by itself how it acknowledges a FIN, so only a raw socket can be told. */
  readonly acknowledgesAsTold: boolean;
}

/** Why the conversation got no further; without a fault it is not the client's doing. */
export interface Ended {
  readonly fault?: Fault | undefined;
}

type Close = Extract<Step, { do: 'close' }>;
type Send = Extract<Step, { do: 'send' }>;

/** Goes with one connection from step to step, through what both sides are seen to have done. */
export class StepChecker {
  readonly #connectedAt: number | undefined;
  readonly #circumstances: Allowances;
  readonly #reading: TranscriptReader;
  readonly #amounts: ByteCounts;
  readonly #turn: StepTiming;
  /** The last request has its reply: the client has nothing more to send, but for a next one. */
  #isAnswered = false;
  #isClosed = false;
  #isHeld = false;

  constructor(transcript: Transcript, circumstances: Allowances) {
    this.#connectedAt = transcript.connectedAt;
    this.#circumstances = circumstances;
    this.#reading = new TranscriptReader(transcript);
    this.#amounts = new ByteCounts(this.#reading);
    this.#turn = new StepTiming(transcript.openedAt);
  }

  /** Undefined: the step was done. */
  take(step: Step, rest: readonly Step[]): Ended | undefined {
    switch (step.do) {
      case 'open':
        return this.#open();
      case 'send':
        return this.#send(step);
      case 'expect':
        return step.what === 'acked' ? undefined : this.#expect(step.what);
      case 'wait':
        this.#turn.wait(step.seconds);
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

  /** What the client did behind its last step, which must be nothing; a kernel without the socket may still answer with RST. */
  afterwards(): Fault | undefined {
    const reading = this.#reading;
    for (let event = reading.take(); event !== undefined; event = reading.take()) {
      if (this.#circumstances.isExcused || (event.side === 'server' && event.what === 'rst'))
        return undefined;
      if (event.side === 'server') continue;
      if (this.#isHeld && !this.#isClosed && event.what !== 'data') {
        return {
          asked: 'that the connection is left open',
          seen: `the client sent ${closeNames[event.what]}`,
        };
      }
      if (event.what === 'data') return this.#amounts.surplus();
    }
    if (this.#isClosed && !this.#amounts.isRequestWhole) return this.#amounts.shortfall();
    return this.#amounts.replyFault();
  }

  #open(): Ended | undefined {
    if (this.#connectedAt === undefined) return {};
    this.#turn.over(this.#connectedAt);
    return undefined;
  }

  #send(send: Send): Ended | undefined {
    const event = this.#reading.nextOfClient();
    if (event === undefined) return this.#missing('a request');
    if (event.what !== 'data') {
      return this.#reading.hasServerClosed() ? {} : this.#premature(event, 'its request was answered');
    }
    const early = this.#early(event);
    if (early !== undefined) return early;
    this.#amounts.ask(send, event.time);
    this.#isAnswered = false;
    this.#turn.over(event.time);
    return undefined;
  }

  #expect(what: 'reply' | 'fin'): Ended | undefined {
    const reading = this.#reading;
    let { time } = this.#turn;
    while (what === 'fin' ? !reading.hasServerClosed() : !this.#amounts.isReplyWhole) {
      const event = reading.take();
      if (event === undefined) return {};
      time = event.time;
      if (event.side === 'server') {
        if (event.what === 'rst') return {};
        continue;
      }
      const isBody = event.what === 'data' && this.#isBody();
      // Behind its own FIN the client may send nothing, and its kernel may have to answer.
      if (isBody || this.#isClosed) continue;
      if (event.what === 'data') return { fault: this.#amounts.surplus() };
      // Who finds the other side closed gives up.
      if (reading.hasServerClosed()) return {};
      return this.#premature(event, what === 'fin' ? 'the server had closed' : 'the reply was complete');
    }
    this.#turn.over(time);
    if (what === 'fin') return undefined;
    this.#isAnswered = true;
    return ended(this.#amounts.requestFault());
  }

  #close(close: Close, rest: readonly Step[]): Ended | undefined {
    const reading = this.#reading;
    const isAhead = rest.some((step) => step.do === 'expect' && step.what === 'reply') && close.how !== 'rst';
    const isFirst = !reading.hasServerClosed();
    const receivedBefore = reading.received;
    let repliedAt: number | undefined;
    for (let event = reading.take(); ; event = reading.take()) {
      if (event === undefined) return this.#missing(closeNames[close.how]);
      if (event.side === 'server') {
        if (event.what === 'rst') return {};
        if (event.what === 'data' && reading.received > receivedBefore) repliedAt ??= event.time;
        continue;
      }
      if (event.what === 'data') {
        if (!this.#isBody()) return { fault: this.#amounts.surplus() };
        continue;
      }
      // Whoever was to close first, it was the server, whose affair that is.
      if (isFirst && reading.hasServerClosed()) return {};
      return this.#closed(event, close, isAhead, repliedAt);
    }
  }

  #closed(
    event: StreamEvent,
    { how, ack }: Close,
    isAhead: boolean,
    repliedAt: number | undefined,
  ): Ended | undefined {
    if (this.#circumstances.isExcused) return {};
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
    const late = isAhead ? this.#lateFault(event, repliedAt) : undefined;
    if (late !== undefined) return { fault: late };
    const rides = !event.finWasAcknowledged;
    const isTold = this.#circumstances.acknowledgesAsTold && how !== 'rst' && this.#reading.hasServerClosed();
    if (isTold && rides !== (ack === 'riding')) {
      return {
        fault: {
          asked: `that the server's FIN is acknowledged ${rides ? 'by itself' : "by the client's"}`,
          seen: rides ? "the client's FIN did that" : 'it was by itself',
        },
      };
    }
    this.#isClosed = true;
    this.#turn.over(event.time);
    return undefined;
  }

  /** A half-close has to follow its request, not the reply; and behind an upload at once, for the FIN is to ride on the last of it. */
  #lateFault(event: StreamEvent, repliedAt: number | undefined): Fault | undefined {
    if (repliedAt === undefined) return this.#amounts.isUpload ? this.#turn.lateFault(event) : undefined;
    const detail = `${durationText(event.time - repliedAt, 'short')} after it`;
    return { asked: halfClose, seen: 'its FIN left after the reply had begun', detail };
  }

  /** Whether data of the client's may still be of its last request. */
  #isBody(): boolean {
    return !this.#isAnswered && !this.#amounts.isTooMuch;
  }

  #early(event: StreamEvent): Ended | undefined {
    if (this.#circumstances.isExcused && event.what !== 'data') return {};
    return ended(this.#turn.earlyFault(event));
  }

  #premature(event: StreamEvent, before: string): Ended {
    return this.#circumstances.isExcused ? {} : { fault: prematureFault(event, before) };
  }

  /** The client's deed is not there. That is its fault when it had had the time for it. */
  #missing(what: string): Ended {
    const { until, isExcused } = this.#circumstances;
    // A FIN waits behind data that nobody acknowledges.
    const isBehindData = what !== 'a request' && !this.#amounts.isRequestWhole;
    if (isExcused || this.#reading.isReset || isBehindData || !this.#turn.hadTime(until)) return {};
    return {
      fault: { asked: `${what} of the client's`, seen: 'the capture has none, although it was its turn' },
    };
  }
}

function ended(fault: Fault | undefined): Ended | undefined {
  return fault === undefined ? undefined : { fault };
}
