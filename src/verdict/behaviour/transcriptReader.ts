import type { StreamEvent, Transcript } from './transcript.js';

/** Reads a connection from event to event, and knows what both sides have done up to there. */
export class TranscriptReader {
  readonly #events: readonly StreamEvent[];
  #next = 0;
  #sent = 0;
  #sentBefore = 0;
  #received = 0;
  #serverClosed = false;

  constructor({ events: events }: Pick<Transcript, 'events'>) {
    this.#events = events;
  }

  /** Bytes that the client has sent, and those before the last event of its. */
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
    const last = this.#events.at(-1);
    return last?.side === 'server' && last.what === 'rst';
  }

  /** The next event, which is taken in; undefined: there is none. */
  take(): StreamEvent | undefined {
    const event = this.#events[this.#next];
    if (event === undefined) return undefined;
    this.#next += 1;
    if (event.side === 'client') {
      this.#sentBefore = this.#sent;
      this.#sent = event.bytes;
    } else {
      this.#received = event.bytes;
      if (event.what === 'fin') this.#serverClosed = true;
    }
    return event;
  }

  /** The client's next deed; what the server does before it is taken in. Undefined: there is none, or the server reset the connection. */
  nextOfClient(): StreamEvent | undefined {
    for (let event = this.take(); event !== undefined; event = this.take()) {
      if (event.side === 'client') return event;
      if (event.what === 'rst') return undefined;
    }
    return undefined;
  }

  /** When a side last sent data, up to here. */
  lastDataOf(side: StreamEvent['side']): number | undefined {
    return this.#events.slice(0, this.#next).findLast((event) => event.side === side && event.what === 'data')
      ?.time;
  }
}
