import type { Flows } from '../../../../src/contracts/agents/flowProfile.js';
import type { FlowTable } from '../flows/flowTable.js';
import type { FlowCounters } from '../flows/flowCounters.js';
import { choiceOf } from '../flows/random.js';
import type { FlowSteps } from './flowSteps.js';

/** The most SYNs sent in a row, so that arriving frames are not kept waiting. */
const mostAtOnce = 64;
/** How much of a delay is made up for, as seconds of the rate. */
const mostBehind = 0.1;

export interface FlowOpenerParts {
  readonly table: FlowTable;
  readonly flowCounters: FlowCounters;
  readonly flowSteps: FlowSteps;
}

/** Opens the flows in their order, as fast as the rate and the number of those in progress allow. */
export class FlowOpener {
  readonly #flows: Flows;
  readonly #table: FlowTable;
  readonly #flowCounters: FlowCounters;
  readonly #flowSteps: FlowSteps;
  /** Sums of the conversations' weights, scaled to 2^32. */
  readonly #thresholds: readonly number[];
  readonly #startedAt: number;
  /** How many openings are due and have not been made. */
  #due = 1;
  #dueUntil = 0;
  #opened = 0;
  #completedAt: number | undefined;

  constructor(flows: Flows, { table, flowCounters, flowSteps }: FlowOpenerParts, now: number) {
    this.#flows = flows;
    this.#table = table;
    this.#flowCounters = flowCounters;
    this.#flowSteps = flowSteps;
    this.#startedAt = now;
    const weights = flows.mix.map(({ weight }) => weight);
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    this.#thresholds = weights.map(
      (_, index) => (weights.slice(0, index + 1).reduce((sum, weight) => sum + weight, 0) / all) * 2 ** 32,
    );
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
    while (
      this.#opened < count &&
      this.#due >= 1 &&
      most > 0 &&
      this.#flowCounters.inProgress < concurrency
    ) {
      const flow = this.#opened;
      this.#opened += 1;
      this.#due -= 1;
      most -= 1;
      this.#table.program[flow] = this.#choose(flow);
      this.#flowSteps.open(flow, now);
      if (this.allOpened) this.#completedAt = now;
    }
  }

  /** How many flows the rate alone would have opened this many seconds after the start. */
  #dueBy(seconds: number): number {
    const { rate, ramp } = this.#flows;
    return seconds < ramp ? (rate * seconds * seconds) / (2 * ramp) : rate * (seconds - ramp / 2);
  }

  #choose(flow: number): number {
    const random = choiceOf(this.#flows.seed, flow);
    let chosen = 0;
    while (random >= (this.#thresholds[chosen] ?? Infinity)) chosen += 1;
    return chosen;
  }
}
