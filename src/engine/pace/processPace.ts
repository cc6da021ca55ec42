import type { Pace } from '../../support/patience.js';
import { processorTime, type ProcessorTime } from './processorShare.js';

/** A process whose share of the processors is the pace of what is waited for. */
interface Watched {
  /** Its name in messages. */
  readonly name: string;
  readonly time: () => ProcessorTime | undefined;
}

/** Seconds of wall-clock time between two looks at least: shorter spans say little. */
const lookSeconds = 1;
/** No machine is taken for slower than this many times. */
const mostSlowness = 20;
/** Less processor time than this much of a span, got or denied, is that of a process that waits for others. */
const idleShare = 0.02;

/**
 * The pace of a process, by two measurements: what share it got of the processor time that it asked for, taken about every second; and how much
 * processor time it took for a piece of work, compared with the machine that limits were made for.
 */
export class ProcessPace implements Pace {
  #at: number;
  #before: ProcessorTime | undefined;
  #starved = 1;
  #weak = 1;

  constructor(
    private readonly watched: Watched,
    private readonly now: () => number = () => performance.now() / 1000,
  ) {
    this.#at = now();
    this.#before = watched.time();
  }

  /** The pace of this machine's process with this id. */
  static of(name: string, pid: number | 'self'): ProcessPace {
    return new ProcessPace({ name, time: () => processorTime(pid) });
  }

  /** Takes what the process has done so far as work that costs `reference` seconds of processor time on the reference machine, for which the limits were made. */
  hasDone(reference: number): void {
    const { got } = this.watched.time() ?? { got: 0 };
    this.#weak = Math.min(Math.max(1, got / reference), mostSlowness);
  }

  slowness(): number {
    this.#look();
    return Math.min(this.#starved * this.#weak, mostSlowness);
  }

  measured(): string {
    const share = `${this.watched.name} got ${String(Math.round(100 / this.#starved))} % of the processor time that it asked for`;
    return this.#weak < 1.05
      ? share
      : `${share}, and took ${this.#weak.toFixed(1)} times as much of it as usual to start`;
  }

  #look(): void {
    const now = this.now();
    const span = now - this.#at;
    if (span < lookSeconds) return;
    const time = this.watched.time();
    const before = this.#before;
    this.#at = now;
    this.#before = time;
    if (time === undefined || before === undefined) return;
    const got = time.got - before.got;
    const wanted = got + time.denied - before.denied;
    this.#starved = wanted < idleShare * span ? 1 : Math.min(wanted / Math.max(got, 1e-3), mostSlowness);
  }
}
