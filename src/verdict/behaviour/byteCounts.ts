import type { Step } from '../../contracts/agents/conversation.js';
import type { Fault } from './fault.js';
import type { TranscriptReader } from './transcriptReader.js';
import { durationText } from '../../support/duration.js';

type Send = Extract<Step, { do: 'send' }>;

/** Of a request and of a reply without their bodies; the lab's have 40 to 150, and 150 to 400. */
const headBytes = { least: 20, most: 1000 };
/** A body goes in steps: the client's of a tenth of a second, nginx's of one second, the first of them at once. */
const stride = { upload: 0.3, download: 2 };
/** The share by which a body may be faster than its rate: some segments are behind the last whole step. */
const faster = 0.05;

/** How much must be said on a connection, and how fast, against what its reading has come to. */
export class ByteCounts {
  readonly #reading: TranscriptReader;
  /** Bytes that all requests and replies up to now must have had. */
  #requested = { least: 0, most: 0 };
  #replied = { least: 0, most: 0 };
  #request: { readonly send: Send; readonly begunAt: number } | undefined;

  constructor(reading: TranscriptReader) {
    this.#reading = reading;
  }

  /** A request has begun: it and its reply are to come, behind what was sent before. */
  ask(send: Send, begunAt: number): void {
    const { sentBefore, received } = this.#reading;
    this.#requested = plus(this.#requested, sentBefore, send.upload);
    this.#replied = plus(this.#replied, received, send.download);
    this.#request = { send, begunAt };
  }

  get isRequestWhole(): boolean {
    return this.#reading.sent >= this.#requested.least;
  }

  /** Whether the last request brings a body. */
  get isUpload(): boolean {
    return this.#request !== undefined && this.#request.send.upload > 0;
  }

  get isReplyWhole(): boolean {
    return this.#reading.received >= this.#replied.least;
  }

  get isTooMuch(): boolean {
    return this.#reading.sent > this.#requested.most;
  }

  shortfall(): Fault {
    return {
      asked: `requests of at least ${this.#requested.least} bytes in all`,
      seen: 'the client sent less',
      detail: `${this.#reading.sent} bytes`,
    };
  }

  surplus(): Fault {
    return {
      asked: `requests of at most ${this.#requested.most} bytes in all, each in its turn`,
      seen: 'the client sent more',
      detail: `${this.#reading.sent} bytes`,
    };
  }

  /** The replies are all there: were they of the right size, and as slow as was asked for? */
  replyFault(): Fault | undefined {
    const { least, most } = this.#replied;
    const { received } = this.#reading;
    if (received < least || received > most) {
      return {
        asked: `replies of ${least} to ${most} bytes in all`,
        seen: 'there was another number',
        detail: `${received} bytes`,
      };
    }
    return this.#pace('download');
  }

  /** The last request is over: was all of it sent, and as slowly as was asked for? */
  requestFault(): Fault | undefined {
    if (this.#request === undefined) return undefined;
    return this.isRequestWhole ? this.#pace('upload') : this.shortfall();
  }

  #pace(what: 'upload' | 'download'): Fault | undefined {
    if (this.#request === undefined) return undefined;
    const { send, begunAt } = this.#request;
    if (send.rate === 0 || send[what] === 0) return undefined;
    const sentAt = this.#reading.lastDataOf(what === 'upload' ? 'client' : 'server');
    const took = (sentAt ?? begunAt) - begunAt;
    const least = (send[what] / send.rate) * (1 - faster) - stride[what];
    if (took >= least) return undefined;
    return {
      asked: `${send[what]} bytes of ${what} at ${send.rate} a second`,
      seen: 'they went faster',
      detail: `in ${durationText(took, 'short')}`,
    };
  }
}

/** What there must be in all when a message with this body is behind `already` bytes of earlier ones. */
function plus(sum: { readonly least: number; readonly most: number }, already: number, body: number) {
  return {
    least: Math.max(sum.least, already) + body + headBytes.least,
    most: sum.most + body + headBytes.most,
  };
}
