import type { Fault } from './fault.js';
import { tolerance } from './tolerance.js';
import type { StreamEvent } from './transcript.js';
import { closeNames, halfClose } from './closeNames.js';
import { durationText } from '../../support/duration.js';

/** What a busy machine may take for what is to be done at once. Seconds. */
const grace = 2;

/**
 * Seconds by which a close may be late and still follow at once. Behind an upload it was under 5 ms for all 68 connections of 17 runs, and
 * 1.4 s for one of another run, on a machine that stood still.
 */
const atOnce = 0.1;

/** Whose turn it is by the clock: when the last step was over, and before when the client's next one must not be. */
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

  /** A step is over, and the next one may be done. */
  over(time: number): void {
    this.#time = time;
    this.#due = time;
    this.#waits = 0;
  }

  /** The next step is to be this much later. */
  wait(seconds: number): void {
    this.#due += seconds;
    this.#waits += seconds;
  }

  /** The client's deed came before a wait was over. */
  earlyFault(event: StreamEvent): Fault | undefined {
    if (event.time >= this.#due - tolerance) return undefined;
    return {
      asked: `${durationText(this.#waits, 'set')} of silence before ${event.what === 'data' ? 'a request' : "the client's close"}`,
      seen: 'there was less',
      detail: durationText(event.time - (this.#due - this.#waits), 'short'),
    };
  }

  /**
   * The close that was to follow at once came when all before it had long been acknowledged.
   */
  lateFault({ time, quietSince }: StreamEvent): Fault | undefined {
    if (quietSince === undefined) return undefined;
    const late = time - Math.max(quietSince, this.#due);
    if (late <= atOnce) return undefined;
    return {
      asked: halfClose,
      seen: 'its FIN left long after all of that was acknowledged, as happens on a busy machine',
      detail: `${durationText(late, 'short')} after it`,
    };
  }

  /** Whether the client has had the time for its next deed, when nothing more could be seen after `until`. */
  hadTime(until: number): boolean {
    return this.#due + grace <= until;
  }
}

/** The client closed before something else had happened. */
export function prematureFault(event: StreamEvent, before: string): Fault {
  return {
    asked: `that the client closes when ${before}`,
    seen: `it sent ${closeNames[event.what === 'rst' ? 'rst' : 'fin']} before`,
  };
}
