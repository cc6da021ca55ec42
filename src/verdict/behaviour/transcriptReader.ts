import type { StreamEvent, Transcript } from './transcript.js';

/** Reads a transcript event by event, and keeps count of what both sides have sent so far. */
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

  /** Bytes that the client has sent so far, and how many these were before its last event. */
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

  /** Whether the last event is a RST from the server. */
  get isReset(): boolean {
    const last = this.#events.at(-1);
    return last?.side === 'server' && last.what === 'rst';
  }

  /** Reads the next event; undefined: there is none. */
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

  /** Reads on to the client's next event; undefined: there is none, or the server reset the connection first. */
  nextOfClient(): StreamEvent | undefined {
    for (let event = this.take(); event !== undefined; event = this.take()) {
      if (event.side === 'client') return event;
      if (event.what === 'rst') return undefined;
    }
    return undefined;
  }

  /**
   * Seconds from the client's last data to the first data of the server's behind `received` bytes of its own, among the events read so far;
   * undefined: there is none.
   */
  pauseBefore(received: number): number | undefined {
    const read = this.#events.slice(0, this.#next);
    const reply = read.find(
      ({ side, what, bytes }) => side === 'server' && what === 'data' && bytes > received,
    );
    if (reply === undefined) return undefined;
    const asked = read
      .slice(0, read.indexOf(reply))
      .findLast(({ side, what }) => side === 'client' && what === 'data');
    return asked && reply.time - asked.time;
  }

  /** When this side last sent data, among the events read so far. */
  lastDataOf(side: StreamEvent['side']): number | undefined {
    return this.#events.slice(0, this.#next).findLast((event) => event.side === side && event.what === 'data')
      ?.time;
  }
}
