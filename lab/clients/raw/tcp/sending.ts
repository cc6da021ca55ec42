/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices into the typed arrays are in range by construction */
import { PayloadPart } from '../packet/segmentFrames.js';
import { TcpFlag } from '../packet/tcpFlags.js';
import type { Traffic } from '../measure/traffic.js';
import { FlowFlag, type FlowTable } from '../flows/flowTable.js';
import type { FlowTimers } from '../flows/flowTimers.js';
import type { FlowCounters } from '../flows/flowCounters.js';
import type { Pacing } from './pacing.js';
import type { FlowProgram, StreamedRequest } from '../flows/flowProgram.js';
import type { Segments } from './segments.js';

/** The most segments in flight, which is the number that Linux begins with. */
const mostInFlight = 10;

/** Sends the streams of connections: requests and FINs, as far as the peer's window and the rate allow. */
export class Sending {
  readonly #table: FlowTable;
  readonly #programs: readonly FlowProgram[];
  readonly #segments: Segments;
  readonly #flowCounters: FlowCounters;
  readonly #traffic: Traffic;
  readonly #timers: FlowTimers;
  /** Limits the rate of bodies; undefined: no body has one. */
  readonly #pacing: Pacing | undefined;
  readonly #part = new PayloadPart();

  constructor(
    parts: {
      table: FlowTable;
      programs: readonly FlowProgram[];
      segments: Segments;
      flowCounters: FlowCounters;
    },
    traffic: Traffic,
    timers: FlowTimers,
    pacing: Pacing | undefined,
  ) {
    this.#table = parts.table;
    this.#programs = parts.programs;
    this.#segments = parts.segments;
    this.#flowCounters = parts.flowCounters;
    this.#traffic = traffic;
    this.#timers = timers;
    this.#pacing = pacing;
  }

  /** Where the client's stream ends as far as the conversation has got, including its FIN. */
  streamEnd(flow: number): number {
    return this.#dataEnd(flow) + ((this.#table.flags[flow]! & FlowFlag.finQueued) === 0 ? 0 : 1);
  }

  /** Sends all that may be sent now. */
  transmit(flow: number, now: number): void {
    const table = this.#table;
    const room = Math.min(table.window[flow]!, mostInFlight * table.mss[flow]!);
    const limit = table.acknowledged[flow]! + room;
    while (this.#sendNext(flow, now, limit));
  }

  /** Sends the first unacknowledged segment again. Ignores that the peer has closed its window since. */
  retransmit(flow: number, now: number): void {
    const table = this.#table;
    const acknowledged = table.acknowledged[flow]!;
    const window = table.window[flow]!;
    const room = window > 0 ? window : table.mss[flow]! + 1;
    table.next[flow] = acknowledged;
    this.#sendNext(flow, now, Math.min(table.sent[flow]!, acknowledged + room));
  }

  /** Sends the next segment; returns false when there is nothing to send before `limit`, or it has to wait. */
  #sendNext(flow: number, now: number, limit: number): boolean {
    const table = this.#table;
    const from = table.next[flow]!;
    const dataEnd = this.#dataEnd(flow);
    const request = from < dataEnd ? this.#requestAt(flow, from) : undefined;
    const offset = request === undefined ? 0 : from - 1 - request.start;
    let length = 0;
    let flags = TcpFlag.ack;
    if (request !== undefined) {
      const wanted = this.#wanted(flow, now, request, offset);
      length = Math.min(wanted, limit - from);
      if (length <= 0) return false;
      // Rather wait for an acknowledgement than send crumbs.
      if (length < wanted && from !== table.acknowledged[flow]!) return false;
      if (offset + length === request.length) flags |= TcpFlag.psh;
    }
    let to = from + length;
    if (to === dataEnd && to < limit && (table.flags[flow]! & FlowFlag.finQueued) !== 0) {
      flags |= TcpFlag.fin;
      to += 1;
    }
    if (to === from) return false;
    const part = this.#part;
    part.payload = request;
    part.from = offset;
    part.length = length;
    this.#segments.data(flow, from, flags, part);
    this.#account(flow, from, to, now);
    if ((flags & TcpFlag.fin) !== 0 && (table.flags[flow]! & FlowFlag.finSent) === 0)
      this.#flowCounters.closing(flow, now);
    return true;
  }

  #account(flow: number, from: number, to: number, now: number): void {
    const table = this.#table;
    table.next[flow] = to;
    if (from < table.sent[flow]!) {
      this.#traffic.retransmitted += 1;
      table.retransmissions[flow]! += 1;
    }
    if (to > table.sent[flow]!) {
      table.sent[flow] = to;
      table.activeAt[flow] = now;
    }
  }

  /** How many bytes the next segment would have without a window; 0: the rate does not allow one yet. */
  #wanted(flow: number, now: number, request: StreamedRequest, offset: number): number {
    const rest = request.length - offset;
    const whole = Math.min(this.#table.mss[flow]!, rest);
    const pacing = this.#pacing;
    if (request.rate === 0 || pacing === undefined) return whole;
    if (offset < request.head.length) {
      if (this.#table.next[flow]! >= this.#table.sent[flow]!) pacing.begin(flow, now);
      return Math.min(whole, request.head.length - offset);
    }
    const quantum = Math.min(pacing.quantum(request, whole), rest);
    const allowed = pacing.allowed(flow, request, now) - offset;
    if (allowed >= quantum) return Math.min(whole, allowed);
    this.#timers.setAllowance(flow, pacing.dueAt(flow, request, offset + quantum));
    return 0;
  }

  #dataEnd(flow: number): number {
    const table = this.#table;
    return 1 + this.#programs[table.program[flow]!]!.streamEnd[table.step[flow]!]!;
  }

  #requestAt(flow: number, position: number): StreamedRequest | undefined {
    const program = this.#programs[this.#table.program[flow]!]!;
    let index = program.requestAt[this.#table.step[flow]!]!;
    let request = program.requests[index];
    while (request !== undefined && request.start > position - 1) {
      index -= 1;
      request = program.requests[index];
    }
    return request;
  }
}
