/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices into the typed arrays are in range by construction */
import type { FlowProgress } from '../../../../src/evidence/model/flowTypes.js';
import type { Latencies } from '../measure/latencies.js';
import {
  abandoned,
  answered,
  busy,
  closed,
  countedAnswered,
  countedAsInProgress,
  countedClosed,
  countedClosing,
  countedConnected,
  countedTimedOut,
  finSent,
  gaveUp,
  idle,
  refused,
  reset,
  stuck,
  windowProbe,
  type FlowTable,
} from './flowTable.js';
import { opHold, opReopen, opWait, type Program } from './program.js';

/** Counts how far the flows have come, and how much is still to be expected of them. */
export class Ledger {
  readonly progress: { -readonly [Name in keyof FlowProgress]: number } = {
    opened: 0,
    connected: 0,
    answered: 0,
    closing: 0,
    closed: 0,
    reset: 0,
    refused: 0,
    timedOut: 0,
  };
  /** Between SYN and closing segment; those that are held, or given up, left out. */
  inProgress = 0;
  /** Standing -> flows; of the idle ones, those count as fewer than none that were never opened. */
  readonly #standings = new Int32Array(4);
  readonly #table: FlowTable;
  readonly #programs: readonly Program[];
  readonly #latencies: Latencies;

  constructor(table: FlowTable, programs: readonly Program[], latencies: Latencies) {
    this.#table = table;
    this.#programs = programs;
    this.#latencies = latencies;
  }

  /** Flows that get on. */
  get busy(): number {
    return this.#standings[busy]!;
  }

  /** Flows that will send something by themselves. */
  get alive(): number {
    return this.#standings[busy]! + this.#standings[stuck]!;
  }

  /** Flows that something of theirs is not acknowledged of, though it was sent more than once or for the last time. */
  get stuck(): number {
    return this.#standings[stuck]! + this.#standings[abandoned]!;
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
    if (this.#isNew(flow, countedConnected)) this.progress.connected += 1;
  }

  /** The first byte of a reply has come. */
  answered(flow: number, now: number): void {
    const { flags, openedAt } = this.#table;
    if ((flags[flow]! & answered) !== 0) return;
    flags[flow]! |= answered;
    if (this.#isFinal(flow)) this.#latencies.firstByte.record(now - openedAt[flow]!);
    if (this.#isNew(flow, countedAnswered)) this.progress.answered += 1;
  }

  /** The first closing segment has been sent. */
  closing(flow: number, now: number): void {
    const { flags, closingAt } = this.#table;
    flags[flow]! |= finSent;
    closingAt[flow] = now;
    if (this.#isNew(flow, countedClosing)) this.progress.closing += 1;
  }

  /** Both FINs are acknowledged. */
  bothClosed(flow: number, now: number): void {
    this.#table.state[flow] = closed;
    if (this.#isFinal(flow)) this.#latencies.close.record(now - this.#table.closingAt[flow]!);
  }

  /** The conversation is over, and the connection closed. */
  over(flow: number): void {
    if (this.#isNew(flow, countedClosed)) this.progress.closed += 1;
  }

  reset(flow: number): void {
    this.#table.state[flow] = reset;
    this.progress.reset += 1;
  }

  refused(flow: number): void {
    this.#table.state[flow] = refused;
    this.progress.refused += 1;
  }

  /** To be called when something has happened to the flow. */
  settle(flow: number): void {
    const { standing, flags, state } = this.#table;
    const now = this.#standingOf(flow);
    this.#standings[standing[flow]!]! -= 1;
    this.#standings[now]! += 1;
    standing[flow] = now;
    if (now === abandoned && this.#isNew(flow, countedTimedOut)) this.progress.timedOut += 1;
    const getsOn = now === busy || now === stuck;
    const isInProgress = getsOn && state[flow]! < closed && (flags[flow]! & finSent) === 0;
    if (isInProgress === ((flags[flow]! & countedAsInProgress) !== 0)) return;
    flags[flow]! ^= countedAsInProgress;
    this.inProgress += isInProgress ? 1 : -1;
  }

  #standingOf(flow: number): number {
    const table = this.#table;
    const state = table.state[flow]!;
    if (state >= reset) return idle;
    const program = this.#programs[table.program[flow]!]!;
    const step = table.step[flow]!;
    const op = program.ops[step]!;
    if (state === closed) return op === opWait || op === opReopen ? busy : idle;
    if ((table.flags[flow]! & gaveUp) !== 0) return abandoned;
    const isUnacknowledged = table.acknowledged[flow]! < table.sent[flow]!;
    if (table.retries[flow]! > 0 && (isUnacknowledged || table.timer[flow] === windowProbe)) {
      // Who is to be opened again has something before it.
      return program.isFinal[step] === 1 ? stuck : busy;
    }
    return op === opHold && !isUnacknowledged ? idle : busy;
  }

  #isFinal(flow: number): boolean {
    const program = this.#programs[this.#table.program[flow]!]!;
    return program.isFinal[this.#table.step[flow]!] === 1;
  }

  /** Marks the flow as counted; false: it had been. */
  #isNew(flow: number, mark: number): boolean {
    const flags = this.#table.flags[flow]!;
    this.#table.flags[flow] = flags | mark;
    return (flags & mark) === 0;
  }
}
