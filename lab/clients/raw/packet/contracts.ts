import type { FlowProfile } from '../../../../src/contracts/agents/flowProfile.js';
import type { FlowReport, FlowSecond } from '../../../../src/evidence/model/flowTypes.js';

/** How the parts of the raw load agent meet: the frames' way in and out, and the conversations between. */

/** Where frames to be sent are put. Offsets are into `bytes`. */
export interface Outbox {
  readonly bytes: Buffer;
  /** Offset of memory for one frame of up to 1514 bytes; hands over to the kernel first when there is none left. */
  reserve(): number;
  /** The frame at the last reserved offset is complete. */
  commit(length: number): void;
}

/** What takes frames in and makes time pass. Times are milliseconds of a monotonic clock, with fractions. */
export interface Conversations {
  /** A frame, from the Ethernet header on. Never throws, whatever it holds. */
  receive(bytes: Buffer, offset: number, length: number, now: number): void;
  /** Sends what is due: openings, retransmissions, ends of waits. Frames that were committed before have been handed over by then. */
  tick(now: number): void;
  /** No flow will be opened any more and no conversation goes on by itself. */
  readonly isOver: boolean;
}

/** Six bytes each. */
export interface Macs {
  readonly own: Buffer;
  readonly nextHop: Buffer;
}

/** What the sockets counted while the load ran. */
export interface SocketCounts {
  /** errno name -> frames that the kernel did not take. */
  readonly sendErrors: Readonly<Record<string, number>>;
  readonly receiveDrops: number;
}

/** The conversations of one profile, and what is known of them. */
export interface FlowLoad extends Conversations {
  /** Every flow has been opened. */
  readonly allOpened: boolean;
  /** All flows have been opened, and no more SYNs are unanswered than flows are stuck: the other flows are connected, or nearly so. */
  readonly areConnected: boolean;
  /** Every flow has been opened, and none gets on any more: they are over, held, or retransmit what nobody acknowledges. */
  readonly isQuiet: boolean;
  /** How things stand; `at` is in seconds since the epoch. Latencies are of what was measured since the last call. */
  second(now: number, at: number): FlowSecond;
  /** The account of every flow; call once, when nothing is to happen any more. */
  finish(now: number, at: number, ended: FlowReport['ended'], counts: SocketCounts): FlowReport;
}

export interface FlowLoadOptions {
  readonly profile: FlowProfile;
  readonly outbox: Outbox;
  readonly macs: Macs;
  /** When the load begins: milliseconds of the monotonic clock, and seconds since the epoch. */
  readonly now: number;
  readonly at: number;
}

/** `makeFlowLoad` in lab/clients/raw/flowLoad.ts. */
export type MakeFlowLoad = (options: FlowLoadOptions) => FlowLoad;
