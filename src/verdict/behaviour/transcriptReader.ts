import type { StreamEvent, Transcript } from './transcript.js';

/** Reads a connection from mark to mark, and knows what both sides have done up to there. */
export class TranscriptReader {
  readonly #marks: readonly StreamEvent[];
  #next = 0;
  #sent = 0;
  #sentBefore = 0;
  #received = 0;
  #serverClosed = false;

  constructor({ events }: Pick<Transcript, 'events'>) {
    this.#marks = events;
  }

  /** Bytes that the client has sent, and those before the last mark of its. */
  get sent(): number {
    return this.#sent;
  }

  get sentBefore(): number {
    return this.#sentBefore;
  }

  get received(): number {
    return this.#received;
  }

  hasServerClosed(): boolean {
    return this.#serverClosed;
  }

  /** The connection ends with a reset of the server's. */
  get isReset(): boolean {
    const last = this.#marks.at(-1);
    return last?.side === 'server' && last.what === 'rst';
  }

  /** The next mark, which is taken in; undefined: there is none. */
  take(): StreamEvent | undefined {
    const mark = this.#marks[this.#next];
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

  /** The client's next deed; what the server does before it is taken in. Undefined: there is none, or the server reset the connection. */
  nextOfClient(): StreamEvent | undefined {
    for (let mark = this.take(); mark !== undefined; mark = this.take()) {
      if (mark.side === 'client') return mark;
      if (mark.what === 'rst') return undefined;
    }
    return undefined;
  }

  /** When a side last sent data, up to here. */
  lastDataOf(side: StreamEvent['side']): number | undefined {
    return this.#marks.slice(0, this.#next).findLast((mark) => mark.side === side && mark.what === 'data')
      ?.time;
  }
}
