/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices into the typed arrays are in range by construction */

/** Called with each timer that has run out, and the time in milliseconds. */
export type Expired = (timer: number, now: number) => void;

const slotMilliseconds = 10;
/** How many lists there are: a power of two. A timer that is due later than one round of them goes back into its list until its round comes. */
const slots = 4096;
/** The number of the list that holds the timers being worked on. */
const current = slots;
const none = -1;
/** A timer that is first in its list has the list's number there instead of a timer's: `firstOf - list`. */
const firstOf = -2;

/**
 * Timers 0 to `count` - 1 in linked lists, one list for each 10 ms: set and cancelled in constant time, without an object. A timer
 * never runs out early, and up to 10 ms late.
 */
export class TimerWheel {
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  /** The 10 ms slot in which the timer runs out, counted from the start; 0: the timer is not set. */
  readonly #due: Uint32Array;
  readonly #heads = new Int32Array(slots + 1).fill(none);
  readonly #start: number;
  #turned = 0;

  constructor(count: number, now: number) {
    this.#next = new Int32Array(count);
    this.#previous = new Int32Array(count);
    this.#due = new Uint32Array(count);
    this.#start = now;
  }

  get bytes(): number {
    return this.#next.byteLength + this.#previous.byteLength + this.#due.byteLength + this.#heads.byteLength;
  }

  isSet(timer: number): boolean {
    return this.#due[timer] !== 0;
  }

  /** Sets the timer to run out at `at` (milliseconds), in place of an earlier setting. */
  set(timer: number, at: number): void {
    this.cancel(timer);
    const due = Math.max(Math.ceil((at - this.#start) / slotMilliseconds), this.#turned + 1);
    this.#due[timer] = due;
    this.#hang(timer, due & (slots - 1));
  }

  cancel(timer: number): void {
    if (this.#due[timer] === 0) return;
    this.#due[timer] = 0;
    const next = this.#next[timer]!;
    const previous = this.#previous[timer]!;
    if (previous <= firstOf) this.#heads[firstOf - previous] = next;
    else this.#next[previous] = next;
    if (next !== none) this.#previous[next] = previous;
  }

  /** Runs out every timer that is due by `now`. */
  turn(now: number, expired: Expired): void {
    const until = Math.floor((now - this.#start) / slotMilliseconds);
    // After a pause of more than a round each slot is still looked at once only.
    this.#turned = Math.max(this.#turned, until - slots);
    while (this.#turned < until) {
      this.#turned += 1;
      this.#workOff(this.#turned & (slots - 1), now, until, expired);
    }
  }

  #workOff(slot: number, now: number, until: number, expired: Expired): void {
    const first = this.#heads[slot]!;
    if (first === none) return;
    // Taken out of the wheel first, for what is set meanwhile may belong into the same slot.
    this.#heads[slot] = none;
    this.#heads[current] = first;
    this.#previous[first] = firstOf - current;
    for (;;) {
      const timer = this.#heads[current];
      if (timer === none) return;
      const due = this.#due[timer]!;
      this.cancel(timer);
      if (due <= until) {
        expired(timer, now);
      } else {
        this.#due[timer] = due;
        this.#hang(timer, slot);
      }
    }
  }

  #hang(timer: number, list: number): void {
    const head = this.#heads[list]!;
    this.#next[timer] = head;
    this.#previous[timer] = firstOf - list;
    if (head !== none) this.#previous[head] = timer;
    this.#heads[list] = timer;
  }
}
