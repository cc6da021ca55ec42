/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices into the typed arrays are in range by construction */
import { FlowState, FlowFlag, type FlowTable } from '../flows/flowTable.js';
import type { TimerPolicy } from './timerPolicy.js';
import type { FlowTimers } from '../flows/flowTimers.js';
import type { FlowCounters } from '../flows/flowCounters.js';
import { Op, type FlowProgram } from '../flows/flowProgram.js';
import { firstSequence, laterRandom } from '../flows/random.js';
import type { ReplyReader } from '../../http/replyReader.js';
import type { Segments } from './segments.js';
import type { Sending } from './sending.js';
import { plus } from './sequence.js';

/**
 * How far beyond the old connection's last sequence number a new one begins at least: further than any window reaches, as Linux's
 * clock takes it there within a second.
 */
const beyond = 2 ** 24;

export interface FlowStepsParts {
  readonly table: FlowTable;
  readonly programs: readonly FlowProgram[];
  readonly segments: Segments;
  readonly sending: Sending;
  readonly replies: ReplyReader;
  readonly timerPolicy: TimerPolicy;
  readonly timers: FlowTimers;
  readonly flowCounters: FlowCounters;
}

/** Takes the flows through the steps of their conversations. */
export class FlowSteps {
  readonly #parts: FlowStepsParts;
  readonly #table: FlowTable;
  readonly #seed: number;

  constructor(parts: FlowStepsParts, seed: number) {
    this.#parts = parts;
    this.#table = parts.table;
    this.#seed = seed;
  }

  /** Begins the conversation of a flow; its program has been chosen. */
  open(flow: number, now: number): void {
    this.#table.initial[flow] = firstSequence(this.#seed, flow);
    this.#parts.flowCounters.opened();
    this.#sendSyn(flow, now);
    this.goOn(flow, now);
  }

  /** Does everything that follows from a change of the flow, except what has to wait. */
  goOn(flow: number, now: number): void {
    const { sending, segments, timerPolicy, flowCounters } = this.#parts;
    const table = this.#table;
    this.#advance(flow, now);
    if (table.state[flow] === FlowState.connected && (table.flags[flow]! & FlowFlag.gaveUp) === 0)
      sending.transmit(flow, now);
    if ((table.flags[flow]! & FlowFlag.ackOwed) !== 0) segments.ack(flow);
    timerPolicy.arm(flow, now);
    flowCounters.settle(flow);
  }

  /** Continues the flow after its `wait` step. */
  waited(flow: number, now: number): void {
    const { state, flags, step } = this.#table;
    if (state[flow]! > FlowState.closed || (flags[flow]! & FlowFlag.waiting) === 0) return;
    flags[flow]! &= ~FlowFlag.waiting;
    step[flow]! += 1;
    this.goOn(flow, now);
  }

  #advance(flow: number, now: number): void {
    const { step, program } = this.#table;
    const { ops } = this.#parts.programs[program[flow]!]!;
    while (this.#isOver(flow, ops[step[flow]!]!, now)) step[flow]! += 1;
  }

  /** Does as much of the step as is possible now; returns whether the step is over. */
  #isOver(flow: number, op: number, now: number): boolean {
    const table = this.#table;
    const flags = table.flags[flow]!;
    if ((flags & FlowFlag.gaveUp) !== 0 && op !== Op.reopen) return false;
    switch (op) {
      case Op.open:
        return table.state[flow] !== FlowState.synSent;
      case Op.send:
        return this.#send(flow, now);
      case Op.expectReply:
        return table.replies[flow]! >= this.#program(flow).requestCount[table.step[flow]!]!;
      case Op.expectFin:
        return (flags & FlowFlag.peerFin) !== 0;
      case Op.expectAcked:
        return table.acknowledged[flow] === this.#parts.sending.streamEnd(flow);
      case Op.wait:
        this.#wait(flow);
        return false;
      case Op.close:
        return this.#close(flow, now);
      case Op.abort:
        this.#abort(flow, now);
        return true;
      case Op.reopen:
        return this.#reopen(flow, now);
      case Op.end:
        if (table.state[flow] === FlowState.closed) this.#parts.flowCounters.over(flow);
        return false;
      case Op.hold:
      default:
        return false;
    }
  }

  #send(flow: number, now: number): boolean {
    const program = this.#program(flow);
    const request = program.requests[program.requestAt[this.#table.step[flow]!]!]!;
    this.#parts.sending.transmit(flow, now);
    return this.#table.sent[flow]! > 1 + request.start;
  }

  #wait(flow: number): void {
    if ((this.#table.flags[flow]! & FlowFlag.waiting) !== 0) return;
    this.#table.flags[flow]! |= FlowFlag.waiting;
    this.#parts.timers.beginWait(flow, this.#program(flow).milliseconds[this.#table.step[flow]!]!);
  }

  #close(flow: number, now: number): boolean {
    const table = this.#table;
    if ((table.flags[flow]! & FlowFlag.finQueued) === 0) {
      const isPiggybacked = this.#program(flow).isRiding[table.step[flow]!] === 1;
      if (!isPiggybacked && (table.flags[flow]! & FlowFlag.ackOwed) !== 0) this.#parts.segments.ack(flow);
      table.flags[flow]! |= FlowFlag.finQueued;
    }
    this.#parts.sending.transmit(flow, now);
    return (table.flags[flow]! & FlowFlag.finSent) !== 0;
  }

  #abort(flow: number, now: number): void {
    const { segments, flowCounters } = this.#parts;
    segments.abort(flow);
    if ((this.#table.flags[flow]! & FlowFlag.finSent) === 0) flowCounters.closing(flow, now);
    this.#table.state[flow] = FlowState.closed;
    this.#table.flags[flow]! |= FlowFlag.byReset;
    this.#table.activeAt[flow] = now;
  }

  /** Reopens the flow from the same port, as soon as a kernel would have that port free again. */
  #reopen(flow: number, now: number): boolean {
    const table = this.#table;
    const flags = table.flags[flow]!;
    if (table.state[flow] !== FlowState.closed && (flags & FlowFlag.gaveUp) === 0) return false;
    if ((flags & FlowFlag.ackOwed) !== 0) this.#parts.segments.ack(flow);
    const random = laterRandom(this.#seed, flow, table.step[flow]!) & 0xffff;
    table.initial[flow] = plus(table.initial[flow]!, table.sent[flow]! + beyond + random);
    table.flags[flow] = flags & FlowFlag.counted;
    table.step[flow]! += 1;
    this.#sendSyn(flow, now);
    return false;
  }

  #sendSyn(flow: number, now: number): void {
    const { segments, replies, timerPolicy } = this.#parts;
    const table = this.#table;
    table.state[flow] = FlowState.synSent;
    table.acknowledged[flow] = 0;
    table.next[flow] = 1;
    table.sent[flow] = 1;
    table.openedAt[flow] = now;
    table.activeAt[flow] = now;
    timerPolicy.restart(flow);
    timerPolicy.beforeSyn(flow);
    replies.begin(flow);
    segments.syn(flow);
  }

  #program(flow: number): FlowProgram {
    return this.#parts.programs[this.#table.program[flow]!]!;
  }
}
