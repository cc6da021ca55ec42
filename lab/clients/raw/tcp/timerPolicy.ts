/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices into the typed arrays are in range by construction */
import { TimerUse, FlowState, FlowFlag, type FlowTable } from '../flows/flowTable.js';
import type { FlowTimers } from '../flows/flowTimers.js';
import { Op, type FlowProgram } from '../flows/flowProgram.js';
import type { Sending } from './sending.js';

/** Linux's limits, in milliseconds: TCP_RTO_MAX, TCP_RTO_MIN, and TCP_TIMEOUT_INIT for a SYN. */
const longestTimeout = 120_000;
const leastVariation = 200;
const synTimeout = 1000;
/** Where the SYN was retransmitted, and the handshake says nothing of the round trip: TCP_TIMEOUT_FALLBACK. */
const fallbackTimeout = 3000;
/** Most doublings that are worth a number. */
const mostDoublings = 16;

/** How long the peer may be silent when it is its turn, in milliseconds, until nothing more is expected of it. */
export const patienceMilliseconds = 10_000;

/** Decides what a flow's own timer is for, and sets it. */
export class TimerPolicy {
  readonly #table: FlowTable;
  readonly #programs: readonly FlowProgram[];
  readonly #sending: Sending;
  readonly #timers: FlowTimers;

  constructor(table: FlowTable, programs: readonly FlowProgram[], sending: Sending, timers: FlowTimers) {
    this.#table = table;
    this.#programs = programs;
    this.#sending = sending;
    this.#timers = timers;
  }

  /** The SYN is about to be sent. */
  beforeSyn(flow: number): void {
    this.#table.timeout[flow] = synTimeout;
  }

  /** The SYN-ACK came so many milliseconds after the SYN. */
  afterHandshake(flow: number, roundTrip: number): void {
    const measured = roundTrip + Math.max(leastVariation, 2 * roundTrip);
    const wasRetransmitted = this.#table.retries[flow]! > 0;
    this.#table.timeout[flow] = Math.min(wasRetransmitted ? fallbackTimeout : measured, longestTimeout / 2);
    this.restart(flow);
  }

  /** The peer acknowledged something new: what is still to be acknowledged gets the whole time again. */
  restart(flow: number): void {
    this.#table.retries[flow] = 0;
    this.#timers.cancel(flow);
  }

  /** A SYN that was answered by what must be left of another connection is sent again soon (TCP_TIMEOUT_MIN). */
  hasten(flow: number, now: number): void {
    const soon = 8;
    if (this.#table.retries[flow] === 0) this.#timers.set(flow, TimerUse.retransmission, now + soon);
  }

  /** Sets the timer to what it is needed for; one that runs for the same purpose goes on. */
  arm(flow: number, now: number): void {
    const purpose = this.#purpose(flow);
    if (purpose === TimerUse.none) this.#timers.cancel(flow);
    else if (purpose !== this.#table.timer[flow])
      this.#timers.set(flow, purpose, now + this.#delay(flow, purpose));
  }

  #delay(flow: number, purpose: number): number {
    if (purpose === TimerUse.patience) return patienceMilliseconds;
    const doublings = Math.min(this.#table.retries[flow]!, mostDoublings);
    return Math.min(this.#table.timeout[flow]! * 2 ** doublings, longestTimeout);
  }

  #purpose(flow: number): number {
    const table = this.#table;
    const state = table.state[flow]!;
    if (state >= FlowState.closed || (table.flags[flow]! & FlowFlag.gaveUp) !== 0) return TimerUse.none;
    if (state === FlowState.synSent) return TimerUse.retransmission;
    const acknowledged = table.acknowledged[flow]!;
    if (acknowledged < table.sent[flow]!) return TimerUse.retransmission;
    if (acknowledged < this.#sending.streamEnd(flow)) {
      // Else it is the rate that holds it back, which has a timer of its own.
      return table.window[flow] === 0 ? TimerUse.windowProbe : TimerUse.none;
    }
    const op = this.#programs[table.program[flow]!]!.ops[table.step[flow]!]!;
    return op === Op.hold || op === Op.wait ? TimerUse.none : TimerUse.patience;
  }
}
