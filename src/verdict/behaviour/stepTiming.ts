import type { Fault } from './fault.js';
import { tolerance } from './tolerance.js';
import type { StreamEvent } from './transcript.js';
import { closeNames, finBehindRequest } from './closeNames.js';
import { durationText } from '../../support/duration.js';

/** Seconds that a busy machine may need for a step that is to be done at once. */
const grace = 2;

/**
 * Seconds within which a close counts as done at once. After an upload it took less than 5 ms on all 68 connections of 17 runs, and
 * 1.4 s on one of another run, when the machine stood still.
 */
const atOnce = 0.1;

/** Keeps the time of a connection's steps: when the last one was over, and how early the client's next one may be. */
export class StepTiming {
  #time: number;
  #due: number;
  #waits = 0;

  constructor(openedAt: number) {
    this.#time = openedAt;
    this.#due = openedAt;
  }

  /** When the last step was over. */
  get time(): number {
    return this.#time;
  }

  /** Notes that a step is over, so that the next one may be done. */
  over(time: number): void {
    this.#time = time;
    this.#due = time;
    this.#waits = 0;
  }

  /** Whether the next step is to be later than the last one was over. */
  get isWaiting(): boolean {
    return this.#waits > 0;
  }

  /** The next step is to be this much later. */
  wait(seconds: number): void {
    this.#due += seconds;
    this.#waits += seconds;
  }

  /** Set when the client did something before the time it was to wait was over. */
  earlyFault(event: StreamEvent): Fault | undefined {
    if (event.time >= this.#due - tolerance) return undefined;
    return {
      asked: `${durationText(this.#waits, 'set')} of silence before ${event.what === 'data' ? 'a request' : "the client's close"}`,
      seen: 'there was less',
      detail: durationText(event.time - (this.#due - this.#waits), 'short'),
    };
  }

  /** Set when a request came long after its turn. */
  belatedFault({ time }: StreamEvent): Fault | undefined {
    const late = time - this.#due;
    if (late <= grace) return undefined;
    return {
      asked: 'a request as soon as it is its turn',
      seen: 'it left late, as happens on a busy machine',
      detail: `${durationText(late, 'short')} later`,
    };
  }

  /** Set when the close was to follow at once, and came long after all data had been acknowledged. */
  lateFault({ time, quietSince }: StreamEvent): Fault | undefined {
    if (quietSince === undefined) return undefined;
    const late = time - Math.max(quietSince, this.#due);
    if (late <= atOnce) return undefined;
    return {
      asked: finBehindRequest,
      seen: 'its FIN left long after all of that was acknowledged, as happens on a busy machine',
      detail: `${durationText(late, 'short')} after it`,
    };
  }

  /**
   * Set when the close was to follow at once, while data still waited for a round trip, and came when all of it had left: the kernel
   * puts the FIN into the last segment that waits. `lastDataAt` says when that left.
   */
  apartFault(
    { time, hasData, quietSince }: StreamEvent,
    lastDataAt: number,
    roundTrip: number | undefined,
  ): Fault | undefined {
    if (hasData || roundTrip === undefined || roundTrip < atOnce) return undefined;
    const acknowledged =
      quietSince === undefined
        ? 'before that was acknowledged'
        : `${durationText(time - quietSince, 'short')} after that was acknowledged`;
    return {
      asked: finBehindRequest,
      seen: 'its FIN left by itself, behind the last segment of that and not in it, as happens on a busy machine',
      detail: `${durationText(time - lastDataAt, 'short')} after it, and ${acknowledged}`,
    };
  }

  /** Whether the client had time for its next step before the capture ended at `until`. */
  hadTime(until: number): boolean {
    return this.#due + grace <= until;
  }
}

/** The fault of a client that closed too soon; `before` says what should have happened first. */
export function prematureFault(event: StreamEvent, before: string): Fault {
  return {
    asked: `that the client closes when ${before}`,
    seen: `it sent ${closeNames[event.what === 'rst' ? 'rst' : 'fin']} before`,
  };
}
