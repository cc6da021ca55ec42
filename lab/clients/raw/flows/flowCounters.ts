/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices into the typed arrays are in range by construction */
import { noProgress } from '../measure/flowProgress.js';
import type { Latencies } from '../measure/latencies.js';
import { Activity, FlowFlag, FlowState, TimerUse, type FlowTable } from './flowTable.js';
import { Op, type FlowProgram } from './flowProgram.js';

/** Counts how many flows have reached each stage, and how many still have something to do. */
export class FlowCounters {
  readonly progress = noProgress();
  /** Flows between their SYN and their closing segment, without those that are held open or were given up. */
  inProgress = 0;
  /** Flows per activity. The count of idle ones starts negative, by the number of flows not yet opened. */
  readonly #activities = new Int32Array(4);
  readonly #table: FlowTable;
  readonly #programs: readonly FlowProgram[];
  readonly #latencies: Latencies;

  constructor(table: FlowTable, programs: readonly FlowProgram[], latencies: Latencies) {
    this.#table = table;
    this.#programs = programs;
    this.#latencies = latencies;
  }

  /** Flows that make progress. */
  get busy(): number {
    return this.#activities[Activity.busy]!;
  }

  /** Flows that will send something by themselves. */
  get alive(): number {
    return this.#activities[Activity.busy]! + this.#activities[Activity.stuck]!;
  }

  /** Flows with something unacknowledged that was retransmitted or given up. */
  get stuck(): number {
    return this.#activities[Activity.stuck]! + this.#activities[Activity.abandoned]!;
  }

  /** Flows whose SYN nobody has answered. */
  get unanswered(): number {
    const { opened, connected, refused: turnedDown } = this.progress;
    return opened - connected - turnedDown;
  }

  opened(): void {
    this.progress.opened += 1;
  }

  connected(flow: number, now: number): void {
    if (this.#isFinal(flow)) this.#latencies.connect.record(now - this.#table.openedAt[flow]!);
    if (this.#isNew(flow, FlowFlag.countedConnected)) this.progress.connected += 1;
  }

  /** The first byte of a reply has come. */
  answered(flow: number, now: number): void {
    const { flags, openedAt } = this.#table;
    if ((flags[flow]! & FlowFlag.answered) !== 0) return;
    flags[flow]! |= FlowFlag.answered;
    if (this.#isFinal(flow)) this.#latencies.firstByte.record(now - openedAt[flow]!);
    if (this.#isNew(flow, FlowFlag.countedAnswered)) this.progress.answered += 1;
  }

  /** The first closing segment has been sent. */
  closing(flow: number, now: number): void {
    const { flags, closingAt } = this.#table;
    flags[flow]! |= FlowFlag.finSent;
    closingAt[flow] = now;
    if (this.#isNew(flow, FlowFlag.countedClosing)) this.progress.closing += 1;
  }

  /** Both FINs are acknowledged. */
  bothClosed(flow: number, now: number): void {
    this.#table.state[flow] = FlowState.closed;
    if (this.#isFinal(flow)) this.#latencies.close.record(now - this.#table.closingAt[flow]!);
  }

  /** The conversation is over, and the connection closed. */
  over(flow: number): void {
    if (this.#isNew(flow, FlowFlag.countedClosed)) this.progress.closed += 1;
  }

  reset(flow: number): void {
    this.#table.state[flow] = FlowState.reset;
    this.progress.reset += 1;
  }

  refused(flow: number): void {
    this.#table.state[flow] = FlowState.refused;
    this.progress.refused += 1;
  }

  /** Brings the counts up to date; to be called after each change of the flow. */
  settle(flow: number): void {
    const { activity, flags, state } = this.#table;
    const now = this.#standingOf(flow);
    this.#activities[activity[flow]!]! -= 1;
    this.#activities[now]! += 1;
    activity[flow] = now;
    if (now === Activity.abandoned && this.#isNew(flow, FlowFlag.countedTimedOut))
      this.progress.timedOut += 1;
    const getsOn = now === Activity.busy || now === Activity.stuck;
    const isInProgress = getsOn && state[flow]! < FlowState.closed && (flags[flow]! & FlowFlag.finSent) === 0;
    if (isInProgress === ((flags[flow]! & FlowFlag.countedAsInProgress) !== 0)) return;
    flags[flow]! ^= FlowFlag.countedAsInProgress;
    this.inProgress += isInProgress ? 1 : -1;
  }

  #standingOf(flow: number): number {
    const table = this.#table;
    const state = table.state[flow]!;
    if (state >= FlowState.reset) return Activity.idle;
    const program = this.#programs[table.program[flow]!]!;
    const step = table.step[flow]!;
    const op = program.ops[step]!;
    if (state === FlowState.closed) return op === Op.wait || op === Op.reopen ? Activity.busy : Activity.idle;
    if ((table.flags[flow]! & FlowFlag.gaveUp) !== 0) return Activity.abandoned;
    const isUnacknowledged = table.acknowledged[flow]! < table.sent[flow]!;
    if (table.retries[flow]! > 0 && (isUnacknowledged || table.timer[flow] === TimerUse.windowProbe)) {
      // Who is to be opened again has something before it.
      return program.isFinal[step] === 1 ? Activity.stuck : Activity.busy;
    }
    return op === Op.hold && !isUnacknowledged ? Activity.idle : Activity.busy;
  }

  #isFinal(flow: number): boolean {
    const program = this.#programs[this.#table.program[flow]!]!;
    return program.isFinal[this.#table.step[flow]!] === 1;
  }

  /** Marks the flow as counted; returns false when it already was. */
  #isNew(flow: number, mark: number): boolean {
    const flags = this.#table.flags[flow]!;
    this.#table.flags[flow] = flags | mark;
    return (flags & mark) === 0;
  }
}
