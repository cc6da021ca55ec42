/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices into the typed arrays are in range by construction */
import { noPayload, SegmentHeader, type SegmentFrames, type PayloadPart } from '../packet/segmentFrames.js';
import { TcpFlag } from '../packet/tcpFlags.js';
import type { Traffic } from '../measure/traffic.js';
import type { Addressing } from '../flows/addressing.js';
import { FlowFlag, type FlowTable } from '../flows/flowTable.js';
import { plus } from './sequence.js';

/** What the client says it has room for. It has: replies are counted, not kept. */
export const ownWindow = 65_535;

export interface SegmentsParts {
  readonly table: FlowTable;
  readonly addressing: Addressing;
  readonly frames: SegmentFrames;
  readonly traffic: Traffic;
}

/** Makes the segments of flows, and counts them. */
export class Segments {
  readonly #table: FlowTable;
  readonly #addressing: Addressing;
  readonly #frames: SegmentFrames;
  readonly #traffic: Traffic;
  readonly #mss: number;
  readonly #header = new SegmentHeader();

  /** `mss` is what the client's SYNs say. */
  constructor({ table, addressing, frames, traffic }: SegmentsParts, mss: number) {
    this.#table = table;
    this.#addressing = addressing;
    this.#frames = frames;
    this.#traffic = traffic;
    this.#mss = mss;
  }

  syn(flow: number): void {
    const header = this.#begin(flow, this.#table.initial[flow]!, TcpFlag.syn);
    header.mss = this.#mss;
    this.#frames.write(header, noPayload);
  }

  /** An acknowledgement without payload. */
  ack(flow: number): void {
    this.data(flow, this.#table.sent[flow]!, TcpFlag.ack, noPayload);
  }

  /** An old sequence number, which the peer answers with its window (tcp_xmit_probe_skb). */
  probe(flow: number): void {
    this.data(flow, this.#table.acknowledged[flow]! - 1, TcpFlag.ack, noPayload);
  }

  /** A RST of an open connection. */
  abort(flow: number): void {
    this.data(flow, this.#table.sent[flow]!, TcpFlag.rst | TcpFlag.ack, noPayload);
  }

  /** A RST for a segment that belongs to no connection of ours, which acknowledged `sequence`. */
  refuse(flow: number, sequence: number): void {
    this.#frames.write(this.#begin(flow, sequence, TcpFlag.rst), noPayload);
  }

  /** A segment of the connection, with a part of a payload. */
  data(flow: number, position: number, flags: number, part: Readonly<PayloadPart>): void {
    const table = this.#table;
    const header = this.#begin(flow, plus(table.initial[flow]!, position), flags);
    header.acknowledgement = table.expected[flow]!;
    this.#frames.write(header, part);
    table.flags[flow]! &= ~FlowFlag.ackOwed;
  }

  #begin(flow: number, sequence: number, flags: number): SegmentHeader {
    const header = this.#header;
    const traffic = this.#traffic;
    header.source = this.#addressing.sourceOf(flow);
    header.sourcePort = this.#addressing.portOf(flow);
    header.destinationPort = this.#addressing.servicePortOf(flow);
    header.identification = this.#table.frames[flow]!;
    header.sequence = sequence;
    header.acknowledgement = 0;
    header.flags = flags;
    // A RST has no more use for a window.
    header.window = (flags & TcpFlag.rst) === 0 ? ownWindow : 0;
    header.mss = 0;
    this.#table.frames[flow]! += 1;
    traffic.sent += 1;
    if ((flags & TcpFlag.fin) !== 0) traffic.finsSent += 1;
    if ((flags & TcpFlag.rst) !== 0) traffic.rstsSent += 1;
    return header;
  }
}
