import type { Step } from '../../contracts/agents/conversation.js';
import type { Fault } from './fault.js';
import type { TranscriptReader } from './transcriptReader.js';
import { durationText } from '../../support/duration.js';

type Send = Extract<Step, { do: 'send' }>;

/** Fewest and most bytes that the head of a request or a reply may have. In the lab requests have 40 to 150, and replies 150 to 400. */
const headBytes = { least: 20, most: 1000 };
/**
 * Seconds that a body may be done too early. It is sent piece by piece, the first piece at once: by the client every tenth of a
 * second, by nginx every second.
 */
const stride = { upload: 0.3, download: 2 };
/** Seconds by which a reply may be early: nginx counts from when its loop last looked at the clock, and a busy one looks seldom. */
const earlyReply = 0.5;
/** Bytes that a kernel sends before the first acknowledgement: ten segments, of 1460 bytes at most on the lab's networks. */
const firstWindow = 14_600;
/** The share by which a body may be faster than its rate, because some segments follow the last whole piece. */
const faster = 0.05;

/** Compares how many bytes were sent on a connection, and how fast, with what was asked for. */
export class ByteCounts {
  readonly #reader: TranscriptReader;
  /** Fewest and most bytes that all requests so far may have, and all replies. */
  #requested = { least: 0, most: 0 };
  #replied = { least: 0, most: 0 };
  #request: { readonly send: Send; readonly begunAt: number; readonly receivedBefore: number } | undefined;

  constructor(reader: TranscriptReader) {
    this.#reader = reader;
  }

  /** Notes that a request has begun: its bytes and those of its reply are expected on top of all before. */
  ask(send: Send, begunAt: number): void {
    const { sentBefore, received } = this.#reader;
    this.#requested = plus(this.#requested, sentBefore, send.upload);
    if (send.reply !== false) this.#replied = plus(this.#replied, received, send.download);
    this.#request = { send, begunAt, receivedBefore: received };
  }

  get isRequestWhole(): boolean {
    return this.#reader.sent >= this.#requested.least;
  }

  /** Whether the last request is one that is never answered. */
  get isUnanswered(): boolean {
    return this.#request?.send.reply === false;
  }

  /** The earliest moment at which a client that keeps to its rate can have handed over all of the last request. */
  get handedOverAt(): number {
    const { send, begunAt = 0 } = this.#request ?? {};
    return begunAt + (send === undefined ? 0 : Math.max(0, leastTime(send, 'upload')));
  }

  /** Whether the last request has a body. */
  get isUpload(): boolean {
    return this.#request !== undefined && this.#request.send.upload > 0;
  }

  /** Whether the last request has a body that has to wait for acknowledgements, however fast the client hands it to its kernel. */
  get hasToWait(): boolean {
    return (
      this.#request !== undefined && this.#request.send.rate === 0 && this.#request.send.upload > firstWindow
    );
  }

  get isReplyWhole(): boolean {
    return this.#reader.received >= this.#replied.least;
  }

  get isTooMuch(): boolean {
    return this.#reader.sent > this.#requested.most;
  }

  shortfall(): Fault {
    return {
      asked: `requests of at least ${this.#requested.least} bytes in all`,
      seen: 'the client sent less',
      detail: `${this.#reader.sent} bytes`,
    };
  }

  surplus(): Fault {
    return {
      asked: `requests of at most ${this.#requested.most} bytes in all, each in its turn`,
      seen: 'the client sent more',
      detail: `${this.#reader.sent} bytes`,
    };
  }

  /** Called when all replies are complete: what is wrong with their size, or with the speed of the last one. */
  replyFault(): Fault | undefined {
    const { least, most } = this.#replied;
    const { received } = this.#reader;
    if (received < least || received > most) {
      return {
        asked: `replies of ${least} to ${most} bytes in all`,
        seen: 'there was another number',
        detail: `${received} bytes`,
      };
    }
    return this.#pace('download');
  }

  /** What is wrong with how long the server thought before it answered the last request; none where no answer has come. */
  thoughtFault(): Fault | undefined {
    if (this.#request === undefined) return undefined;
    const { send, receivedBefore } = this.#request;
    const pause = this.#reader.pauseBefore(receivedBefore);
    if (send.think === undefined || pause === undefined || pause >= send.think - earlyReply) return undefined;
    return {
      asked: `a reply ${durationText(send.think, 'set')} after the request`,
      seen: 'it came sooner',
      detail: durationText(pause, 'short'),
    };
  }

  /** Called when the last request is over: what is wrong with its size or its speed. */
  requestFault(): Fault | undefined {
    if (this.#request === undefined) return undefined;
    return this.isRequestWhole ? this.#pace('upload') : this.shortfall();
  }

  #pace(what: 'upload' | 'download'): Fault | undefined {
    if (this.#request === undefined) return undefined;
    const { send, begunAt } = this.#request;
    if (send.rate === 0 || send[what] === 0) return undefined;
    const sentAt = this.#reader.lastDataOf(what === 'upload' ? 'client' : 'server');
    const took = (sentAt ?? begunAt) - begunAt;
    if (took >= leastTime(send, what)) return undefined;
    return {
      asked: `${send[what]} bytes of ${what} at ${send.rate} a second`,
      seen: 'they went faster',
      detail: `in ${durationText(took, 'short')}`,
    };
  }
}

/** Seconds that a body takes at its rate at least; none where it has no rate. */
function leastTime({ rate, ...bytes }: Send, what: 'upload' | 'download'): number {
  return rate === 0 ? 0 : (bytes[what] / rate) * (1 - faster) - stride[what];
}

/** Fewest and most bytes in all, when a message with a body of this size follows `already` bytes of earlier messages. */
function plus(sum: { readonly least: number; readonly most: number }, already: number, body: number) {
  return {
    least: Math.max(sum.least, already) + body + headBytes.least,
    most: sum.most + body + headBytes.most,
  };
}
