import { TimerUse, type FlowTable } from './flowTable.js';
import { TimerWheel, type Expired } from './timerWheel.js';

/** Whether there are timers beside each flow's own. */
interface OptionalTimers {
  /** Some conversation has a `wait` step. */
  readonly waits: boolean;
  /** Some request's body is sent at a limited rate. */
  readonly rates: boolean;
}

/** Receives the timers that have run out. */
export interface TimerHandlers {
  /** The flow's own timer ran out; the table says what it was set for. */
  timedOut(flow: number, now: number): void;
  /** The flow's `wait` step is over. */
  waited(flow: number, now: number): void;
  /** More of the flow's body may be sent now. */
  allowed(flow: number, now: number): void;
}

/** The timers of all flows: one for each, and one each for waits and rates where there are any. */
export class FlowTimers {
  readonly #table: FlowTable;
  readonly #wheel: TimerWheel;
  readonly #count: number;
  readonly #ratesFrom: number;
  /** Flows whose waits have begun since the last turn, and for how many milliseconds. */
  readonly #begun: number[] = [];
  readonly #begunFor: number[] = [];

  constructor(table: FlowTable, timers: OptionalTimers, now: number) {
    this.#table = table;
    this.#count = table.count;
    this.#ratesFrom = timers.waits ? table.count * 2 : table.count;
    this.#wheel = new TimerWheel(this.#ratesFrom + (timers.rates ? table.count : 0), now);
  }

  get bytes(): number {
    return this.#wheel.bytes;
  }

  /** Sets the flow's own timer for a purpose (flowTable.ts). */
  set(flow: number, purpose: number, at: number): void {
    this.#table.timer[flow] = purpose;
    this.#wheel.set(flow, at);
  }

  cancel(flow: number): void {
    if (this.#table.timer[flow] === TimerUse.none) return;
    this.#table.timer[flow] = TimerUse.none;
    this.#wheel.cancel(flow);
  }

  /**
   * The time runs from the next turn on. What the wait is behind has come by then, or has been handed to the kernel; the time at
   * which a frame was dealt with may be long before that where the processor was given to somebody else meanwhile.
   */
  beginWait(flow: number, milliseconds: number): void {
    this.#begun.push(flow);
    this.#begunFor.push(milliseconds);
  }

  setAllowance(flow: number, at: number): void {
    this.#wheel.set(this.#ratesFrom + flow, at);
  }

  /** Makes the function that runs the timers: it tells `alarms` of all that are due. Made once, so that no turn allocates a function. */
  expiring(alarms: TimerHandlers): (now: number) => void {
    const expired: Expired = (timer, now) => {
      if (timer < this.#count) {
        alarms.timedOut(timer, now);
      } else if (timer < this.#ratesFrom) {
        alarms.waited(timer - this.#count, now);
      } else {
        alarms.allowed(timer - this.#ratesFrom, now);
      }
    };
    return (now) => {
      this.#startWaits(now);
      this.#wheel.turn(now, expired);
    };
  }

  #startWaits(now: number): void {
    for (const [index, flow] of this.#begun.entries()) {
      this.#wheel.set(this.#count + flow, now + (this.#begunFor[index] ?? 0));
    }
    this.#begun.length = 0;
    this.#begunFor.length = 0;
  }
}
