/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices into the typed arrays are in range by construction */
import type { Retries } from '../../../../src/contracts/agents/flowProfile.js';
import type { Traffic } from '../measure/traffic.js';
import { patienceMilliseconds, type TimerPolicy } from './timerPolicy.js';
import { TimerUse, FlowState, FlowFlag, type FlowTable } from '../flows/flowTable.js';
import type { TimerHandlers, FlowTimers } from '../flows/flowTimers.js';
import type { FlowCounters } from '../flows/flowCounters.js';
import type { Segments } from './segments.js';
import type { Sending } from './sending.js';
import type { FlowSteps } from './flowSteps.js';

export interface TimeoutParts {
  readonly table: FlowTable;
  readonly segments: Segments;
  readonly sending: Sending;
  readonly timerPolicy: TimerPolicy;
  readonly timers: FlowTimers;
  readonly flowCounters: FlowCounters;
  readonly flowSteps: FlowSteps;
  readonly traffic: Traffic;
}

/** What is done when a flow's timer has run out. */
export class Timeouts implements TimerHandlers {
  readonly #parts: TimeoutParts;
  readonly #table: FlowTable;
  readonly #retries: Retries;

  constructor(parts: TimeoutParts, retries: Retries) {
    this.#parts = parts;
    this.#table = parts.table;
    this.#retries = retries;
  }

  timedOut(flow: number, now: number): void {
    const { timer } = this.#table;
    const purpose = timer[flow]!;
    timer[flow] = TimerUse.none;
    switch (purpose) {
      case TimerUse.retransmission:
        this.#retransmit(flow, now);
        return;
      case TimerUse.windowProbe:
        this.#probe(flow, now);
        return;
      case TimerUse.patience:
        this.#losePatience(flow, now);
    }
  }

  waited(flow: number, now: number): void {
    this.#parts.flowSteps.waited(flow, now);
  }

  allowed(flow: number, now: number): void {
    if (this.#table.state[flow]! < FlowState.closed) this.#parts.flowSteps.goOn(flow, now);
  }

  #retransmit(flow: number, now: number): void {
    const { segments, sending, traffic } = this.#parts;
    const table = this.#table;
    // A peer without room for more drops what is sent to it, and is there nevertheless.
    const isPatientlyRefused = table.window[flow] === 0 && this.#wasHeard(flow);
    if (table.retries[flow]! >= this.#limit(flow) && !isPatientlyRefused) {
      this.#giveUp(flow, now);
      return;
    }
    if (table.state[flow] === FlowState.synSent) {
      segments.syn(flow);
      traffic.retransmitted += 1;
      table.retransmissions[flow]! += 1;
    } else {
      sending.retransmit(flow, now);
    }
    this.#again(flow, now);
  }

  #probe(flow: number, now: number): void {
    const table = this.#table;
    if (table.retries[flow]! >= this.#retries.data && !this.#wasHeard(flow)) {
      this.#giveUp(flow, now);
      return;
    }
    this.#parts.segments.probe(flow);
    this.#again(flow, now);
  }

  #losePatience(flow: number, now: number): void {
    const silence = (now - this.#table.activeAt[flow]!) >>> 0;
    if (silence >= patienceMilliseconds) this.#giveUp(flow, now);
    else this.#parts.timers.set(flow, TimerUse.patience, now + patienceMilliseconds - silence);
  }

  #again(flow: number, now: number): void {
    const { timerPolicy, flowCounters } = this.#parts;
    const { retries, flags } = this.#table;
    retries[flow] = Math.min(retries[flow]! + 1, 255);
    flags[flow]! &= ~FlowFlag.heard;
    timerPolicy.arm(flow, now);
    flowCounters.settle(flow);
  }

  #giveUp(flow: number, now: number): void {
    this.#table.flags[flow]! |= FlowFlag.gaveUp;
    this.#parts.flowSteps.goOn(flow, now);
  }

  #limit(flow: number): number {
    const { state, flags, acknowledged, sent } = this.#table;
    if (state[flow] === FlowState.synSent) return this.#retries.open;
    const isOnlyFin = (flags[flow]! & FlowFlag.finQueued) !== 0 && acknowledged[flow] === sent[flow]! - 1;
    return isOnlyFin && sent[flow] === this.#parts.sending.streamEnd(flow)
      ? this.#retries.close
      : this.#retries.data;
  }

  #wasHeard(flow: number): boolean {
    return (this.#table.flags[flow]! & FlowFlag.heard) !== 0;
  }
}
