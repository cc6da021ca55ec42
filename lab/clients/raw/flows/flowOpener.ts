import type { Flows } from '../../../../src/contracts/agents/flowProfile.js';

/** The most flows opened in a row, so that arriving frames are not kept waiting. */
const mostAtOnce = 64;
/** How much of a delay is made up for, as seconds of the rate. */
const mostBehind = 0.1;

/** The flows that are opened. */
interface Openable {
  /** How many are in progress, of which there may be so many at a time. */
  readonly inProgress: number;
  /** Begins the conversation of a flow. */
  open(flow: number, now: number): void;
}

/** Opens the flows in their order, as fast as the rate and the number of those in progress allow. */
export class FlowOpener {
  readonly #flows: Flows;
  readonly #openable: Openable;
  readonly #startedAt: number;
  /** How many openings are due and have not been made. */
  #due = 1;
  #dueUntil = 0;
  #opened = 0;
  #completedAt: number | undefined;

  constructor(flows: Flows, openable: Openable, now: number) {
    this.#flows = flows;
    this.#openable = openable;
    this.#startedAt = now;
  }

  get allOpened(): boolean {
    return this.#opened === this.#flows.count;
  }

  /** When the last flow was opened; milliseconds of the load's clock. */
  get completedAt(): number | undefined {
    return this.#completedAt;
  }

  open(now: number): void {
    const { count, rate, concurrency } = this.#flows;
    const until = this.#dueBy((now - this.#startedAt) / 1000);
    this.#due = Math.min(this.#due + until - this.#dueUntil, Math.max(1, rate * mostBehind));
    this.#dueUntil = until;
    let most = mostAtOnce;
    while (this.#opened < count && this.#due >= 1 && most > 0 && this.#openable.inProgress < concurrency) {
      const flow = this.#opened;
      this.#opened += 1;
      this.#due -= 1;
      most -= 1;
      this.#openable.open(flow, now);
      if (this.allOpened) this.#completedAt = now;
    }
  }

  /** How many flows the rate alone would have opened this many seconds after the start. */
  #dueBy(seconds: number): number {
    const { rate, ramp } = this.#flows;
    return seconds < ramp ? (rate * seconds * seconds) / (2 * ramp) : rate * (seconds - ramp / 2);
  }
}
