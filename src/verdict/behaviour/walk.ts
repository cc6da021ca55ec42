import type { AskedStep } from '../../evidence/asked.js';
import type { Fault } from './fault.js';
import type { Mark, Transcript } from './transcript.js';

/** What to bear in mind of a connection. */
export interface Circumstances {
  /** When nothing more could be seen: what was due less than `grace` before then may have been on its way. */
  readonly until: number;
  /** The client's program was made to let go, or its kernel reported an error: how the connection then ends is not its doing. */
  readonly isExcused: boolean;
  /** A kernel decides by itself how it acknowledges a FIN, so only a raw socket can be told. */
  readonly acknowledgesAsTold: boolean;
}

/** Of a request and of a reply without their bodies; the lab's have 40 to 150, and 150 to 400. */
const headBytes = { least: 20, most: 1000 };
/**
 * Timers may be early by a tick, and run from when a busy agent began to read what had come: 47 ms before the capture's time, as measured.
 * Seconds, and a share.
 */
const tolerance = { seconds: 0.1, share: 0.05 };
/** A body goes in steps: the client's of a tenth of a second, nginx's of one second, the first of them at once. */
const stride = { upload: 0.3, download: 2 };
/** What a busy machine may take for what is to be done at once. Seconds. */
const grace = 2;

/** Why the conversation got no further; without a fault it is not the client's doing. */
export interface Ended {
  readonly fault?: Fault | undefined;
}

type Close = Extract<AskedStep, { do: 'close' }>;
type Send = Extract<AskedStep, { do: 'send' }>;

const closeNames = { fin: 'a FIN', half: 'a FIN', rst: 'a RST' } as const;

/** Goes with one connection from step to step, through what both sides are seen to have done. */
export class Walk {
  readonly #transcript: Transcript;
  readonly #circumstances: Circumstances;
  #next = 0;
  /** When the last step was over, and before when the next one of the client's must not be. */
  #time: number;
  #due: number;
  #waits = 0;
  #sent = 0;
  #sentBefore = 0;
  #received = 0;
  #serverClosed = false;
  /** Bytes that all requests and replies up to now must have had. */
  #requested = { least: 0, most: 0 };
  #replied = { least: 0, most: 0 };
  #request: { readonly send: Send; readonly begunAt: number } | undefined;
  /** The last request has its reply: the client has nothing more to send, but for a next one. */
  #isAnswered = false;
  #isClosed = false;
  #isHeld = false;

  constructor(transcript: Transcript, circumstances: Circumstances) {
    this.#transcript = transcript;
    this.#circumstances = circumstances;
    this.#time = transcript.openedAt;
    this.#due = transcript.openedAt;
  }

  /** Undefined: the step was done. */
  take(step: AskedStep, rest: readonly AskedStep[]): Ended | undefined {
    switch (step.do) {
      case 'open':
        return this.#open();
      case 'send':
        return this.#send(step);
      case 'expect':
        return step.what === 'acked' ? undefined : this.#expect(step.what);
      case 'wait':
        this.#due += step.seconds;
        this.#waits = step.seconds;
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
    for (let mark = this.#take(); mark !== undefined; mark = this.#take()) {
      if (this.#circumstances.isExcused || (mark.side === 'server' && mark.what === 'rst')) return undefined;
      if (mark.side === 'server') continue;
      if (this.#isHeld && !this.#isClosed && mark.what !== 'data') {
        return {
          asked: 'that the connection is left open',
          seen: `the client sent ${closeNames[mark.what]}`,
        };
      }
      if (mark.what === 'data') return this.#surplus();
    }
    return this.#sizes();
  }

  #open(): Ended | undefined {
    const { connectedAt } = this.#transcript;
    if (connectedAt === undefined) return {};
    this.#over(connectedAt);
    return undefined;
  }

  #send(send: Send): Ended | undefined {
    const mark = this.#nextOfClient();
    if (mark === undefined) return this.#missing('a request');
    const sentBefore = this.#sentBefore;
    if (mark.what !== 'data') {
      return this.#serverClosed ? {} : this.#early(mark, 'its request was answered');
    }
    const late = this.#early(mark, undefined);
    if (late !== undefined) return late;
    this.#requested = plus(this.#requested, sentBefore, send.upload);
    this.#replied = plus(this.#replied, this.#received, send.download);
    this.#request = { send, begunAt: mark.time };
    this.#isAnswered = false;
    this.#over(mark.time);
    return undefined;
  }

  #expect(what: 'reply' | 'fin'): Ended | undefined {
    const isThere = (): boolean =>
      what === 'fin' ? this.#serverClosed : this.#received >= this.#replied.least;
    let time = this.#time;
    while (!isThere()) {
      const mark = this.#take();
      if (mark === undefined) return {};
      time = mark.time;
      if (mark.side === 'server') {
        if (mark.what === 'rst') return {};
        continue;
      }
      const isBody = mark.what === 'data' && this.#isBody();
      // Behind its own FIN the client may send nothing, and its kernel may have to answer.
      if (isBody || this.#isClosed) continue;
      if (mark.what === 'data') return { fault: this.#surplus() };
      // Who finds the other side closed gives up.
      if (this.#serverClosed) return {};
      return this.#early(mark, what === 'fin' ? 'the server had closed' : 'the reply was complete');
    }
    this.#over(time);
    if (what === 'reply') this.#isAnswered = true;
    return what === 'reply' ? this.#asFault(this.#pace('upload')) : undefined;
  }

  #close({ how, ack }: Close, rest: readonly AskedStep[]): Ended | undefined {
    const isAhead = rest.some((step) => step.do === 'expect' && step.what === 'reply') && how !== 'rst';
    const isFirst = !this.#serverClosed;
    const receivedBefore = this.#received;
    let repliedAt: number | undefined;
    for (let mark = this.#take(); ; mark = this.#take()) {
      if (mark === undefined) return this.#missing(closeNames[how]);
      if (mark.side === 'server') {
        if (mark.what === 'rst') return {};
        if (mark.what === 'data' && this.#received > receivedBefore) repliedAt ??= mark.time;
        continue;
      }
      if (mark.what === 'data') {
        if (!this.#isBody()) return { fault: this.#surplus() };
        continue;
      }
      // Whoever was to close first, it was the server, whose affair that is.
      if (isFirst && this.#serverClosed) return {};
      return this.#closed(mark, { how, ack }, isAhead ? repliedAt : undefined);
    }
  }

  #closed(
    mark: Mark,
    { how, ack }: Pick<Close, 'how' | 'ack'>,
    repliedAt: number | undefined,
  ): Ended | undefined {
    if (this.#circumstances.isExcused) return {};
    if ((mark.what === 'rst') !== (how === 'rst')) {
      return {
        fault: {
          asked: `that the client closes with ${closeNames[how]}`,
          seen: `it sent ${closeNames[mark.what === 'rst' ? 'rst' : 'fin']} first`,
        },
      };
    }
    const early = this.#early(mark, undefined);
    if (early !== undefined) return early;
    if (repliedAt !== undefined) {
      return {
        fault: {
          asked: "a half-close, the client's FIN right behind its request",
          seen: 'its FIN left after the reply had begun',
          detail: `${milliseconds(mark.time - repliedAt)} after it`,
        },
      };
    }
    const rides = !mark.finWasAcknowledged;
    const isTold = this.#circumstances.acknowledgesAsTold && how !== 'rst' && this.#serverClosed;
    if (isTold && rides !== (ack === 'riding')) {
      return {
        fault: {
          asked: `that the server's FIN is acknowledged ${rides ? 'by itself' : "by the client's"}`,
          seen: rides ? "the client's FIN did that" : 'it was by itself',
        },
      };
    }
    this.#isClosed = true;
    this.#over(mark.time);
    return undefined;
  }

  /** Whether data of the client's may still be of its last request. */
  #isBody(): boolean {
    return !this.#isAnswered && this.#sent <= this.#requested.most;
  }

  /** The client's next deed; what the server does before it is taken in. */
  #nextOfClient(): Mark | undefined {
    for (let mark = this.#take(); mark !== undefined; mark = this.#take()) {
      if (mark.side === 'client') return mark;
      if (mark.what === 'rst') return undefined;
    }
    return undefined;
  }

  #take(): Mark | undefined {
    const mark = this.#transcript.marks[this.#next];
    if (mark === undefined) return undefined;
    this.#next += 1;
    if (mark.side === 'client') {
      this.#sentBefore = this.#sent;
      this.#sent = mark.bytes;
    } else {
      this.#received = mark.bytes;
      if (mark.what === 'fin') this.#serverClosed = true;
    }
    return mark;
  }

  /** A step is over, and the next one may be done. */
  #over(time: number): void {
    this.#time = time;
    this.#due = time;
    this.#waits = 0;
  }

  /** The client's deed came before its turn: before something else had happened, or before a wait was over. */
  #early(mark: Mark, before: string | undefined): Ended | undefined {
    if (this.#circumstances.isExcused && mark.what !== 'data') return {};
    if (before !== undefined) {
      return {
        fault: {
          asked: `that the client closes when ${before}`,
          seen: `it sent ${closeNames[mark.what === 'rst' ? 'rst' : 'fin']} before`,
        },
      };
    }
    const slack = tolerance.seconds + this.#waits * tolerance.share;
    if (mark.time >= this.#due - slack) return undefined;
    const waited = mark.time - (this.#due - this.#waits);
    return {
      fault: {
        asked: `${this.#waits} s of silence before ${mark.what === 'data' ? 'a request' : "the client's close"}`,
        seen: 'there was less',
        detail: milliseconds(waited),
      },
    };
  }

  /** The client's deed is not there. That is its fault when it had had the time for it. */
  #missing(what: string): Ended {
    const { until, isExcused } = this.#circumstances;
    const last = this.#transcript.marks.at(-1);
    const isReset = last?.side === 'server' && last.what === 'rst';
    // A FIN waits behind data that nobody acknowledges.
    const isBehindData = what !== 'a request' && this.#sent < this.#requested.least;
    if (isExcused || isReset || isBehindData || this.#due + grace > until) return {};
    return {
      fault: { asked: `${what} of the client's`, seen: 'the capture has none, although it was its turn' },
    };
  }

  /** The whole conversation was held: was as much said as was asked for, and as slowly? */
  #sizes(): Fault | undefined {
    const { least, most } = this.#replied;
    if (this.#isClosed && this.#sent < this.#requested.least) return this.#shortfall();
    if (this.#received < least || this.#received > most) {
      return {
        asked: `replies of ${least} to ${most} bytes in all`,
        seen: 'there was another number',
        detail: `${this.#received} bytes`,
      };
    }
    return this.#pace('download');
  }

  #shortfall(): Fault {
    return {
      asked: `requests of at least ${this.#requested.least} bytes in all`,
      seen: 'the client sent less',
      detail: `${this.#sent} bytes`,
    };
  }

  #surplus(): Fault {
    return {
      asked: `requests of at most ${this.#requested.most} bytes in all, each in its turn`,
      seen: 'the client sent more',
      detail: `${this.#sent} bytes`,
    };
  }

  /** Whether the last body of a request or reply was sent as slowly as was asked for. */
  #pace(what: 'upload' | 'download'): Fault | undefined {
    const request = this.#request;
    if (request === undefined) return undefined;
    const { send, begunAt } = request;
    if (what === 'upload' && this.#sent < this.#requested.least) return this.#shortfall();
    if (send.rate === 0 || send[what] === 0) return undefined;
    const side = what === 'upload' ? 'client' : 'server';
    const sentAt = this.#transcript.marks
      .slice(0, this.#next)
      .findLast((mark) => mark.side === side && mark.what === 'data')?.time;
    const took = (sentAt ?? begunAt) - begunAt;
    const least = (send[what] / send.rate) * (1 - tolerance.share) - stride[what];
    if (took >= least) return undefined;
    return {
      asked: `${send[what]} bytes of ${what} at ${send.rate} a second`,
      seen: 'they went faster',
      detail: `in ${milliseconds(took)}`,
    };
  }

  #asFault(fault: Fault | undefined): Ended | undefined {
    return fault === undefined ? undefined : { fault };
  }
}

/** What there must be in all when a message with this body is behind `already` bytes of earlier ones. */
function plus(sum: { readonly least: number; readonly most: number }, already: number, body: number) {
  return {
    least: Math.max(sum.least, already) + body + headBytes.least,
    most: sum.most + body + headBytes.most,
  };
}

function milliseconds(seconds: number): string {
  return seconds >= 1 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds * 1000)} ms`;
}
