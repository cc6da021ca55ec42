import { durationText } from './duration.js';

/** How fast somebody works who is waited for. */
export interface Pace {
  /** How many times longer things take at present than on an undisturbed machine like the one that limits were made for; at least 1. */
  slowness(): number;
  /** What was measured, for whoever reads that a wait was in vain: `QEMU got 31 % of the processor time that it asked for`. */
  measured(): string;
}

/** A pace that nobody measures: every second counts. */
export const steady: Pace = { slowness: () => 1, measured: () => '' };

/** A wait ends, whatever moves, when it has taken this many times as long as it may take without progress. */
const mostTimes = 10;
/** A limit is kept to a twentieth of it, and to a second. */
const looksPerLimit = 20;

/**
 * How much longer to wait. Patience is over when there was no progress for `seconds` of work at the pace of whoever is waited for: on a machine that works half as
 * fast a second counts half, and time in which this process did not run itself counts little. So a wait for what stands still is never longer on a fast machine than its `seconds`, and
 * one for what moves ends only at a generous end.
 */
export class Patience {
  readonly #start: number;
  #looked: number;
  /** Seconds of work without progress. */
  #idle = 0;
  #progressAt: number | undefined;
  #slowest = 1;

  /** How often `isOver` is to be asked. */
  readonly lookSeconds: number;

  constructor(
    private readonly seconds: number,
    private readonly pace: Pace = steady,
    private readonly now: () => number = () => performance.now() / 1000,
  ) {
    this.lookSeconds = Math.min(Math.max(seconds / looksPerLimit, 0.001), 1);
    this.#start = now();
    this.#looked = this.#start;
  }

  /** Notes that what is waited for has moved. */
  progress(): void {
    this.#idle = 0;
    this.#progressAt = this.now();
  }

  /** Whether to give up now. */
  isOver(): boolean {
    const now = this.now();
    const slowness = this.pace.slowness();
    this.#idle += Math.min(now - this.#looked, 2 * this.lookSeconds) / slowness;
    this.#looked = now;
    this.#slowest = Math.max(this.#slowest, slowness);
    return this.#idle >= this.seconds || now - this.#start >= mostTimes * this.seconds;
  }

  /** How long it has been, since when nothing moved, and how slow the machine was: `184 s (the last progress 62 s ago; ...)`. Only the limit where none of that matters. */
  text(): string {
    const now = this.now();
    const measured = this.#slowest < 1.05 ? '' : this.pace.measured();
    const notes = [
      ...(this.#progressAt === undefined
        ? []
        : [`the last progress ${durationText(now - this.#progressAt, 'short')} ago`]),
      ...(measured === ''
        ? []
        : [`a machine up to ${this.#slowest.toFixed(1)} times slower than undisturbed: ${measured}`]),
    ];
    if (notes.length === 0) return durationText(this.seconds, 'set');
    return `${durationText(now - this.#start, 'short')} (${notes.join('; ')})`;
  }
}
