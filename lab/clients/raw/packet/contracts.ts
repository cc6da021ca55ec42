import type { FlowProfile } from '../../../../src/contracts/agents/flowProfile.js';
import type { FlowReport, FlowSecond } from '../../../../src/evidence/model/flowTypes.js';

/** The interfaces between the parts of the raw load agent: frames going in and out, and the conversations between. */

/** Takes frames to be sent. Offsets are into `bytes`. */
export interface FrameQueue {
  readonly bytes: Buffer;
  /** Returns the offset of memory for one frame of up to 1514 bytes. When none is left, hands the frames so far to the kernel first. */
  reserve(): number;
  /** Marks the frame at the last reserved offset as complete. */
  commit(length: number): void;
}

/** Receives frames and acts on the passing of time. Times are milliseconds of a monotonic clock, with fractions. */
export interface FrameHandler {
  /** Takes a frame, beginning with its Ethernet header. Never throws, whatever the frame contains. */
  receive(bytes: Buffer, offset: number, length: number, now: number): void;
  /** Sends what is due: openings, retransmissions, the next steps after waits. All frames committed before have gone to the kernel by then. */
  tick(now: number): void;
  /** Every flow has been opened, and no conversation will send anything by itself. */
  readonly isOver: boolean;
}

/** MAC addresses of six bytes each. */
export interface Macs {
  readonly own: Buffer;
  readonly nextHop: Buffer;
}

/** What the sockets counted while the load ran. */
export interface SocketCounts {
  /** For each errno name, how many frames the kernel refused. */
  readonly sendErrors: Readonly<Record<string, number>>;
  readonly receiveDrops: number;
}

/** The flows of one profile, and what is known of them. */
export interface FlowLoad extends FrameHandler {
  /** Every flow has been opened. */
  readonly allOpened: boolean;
  /** All flows have been opened, and no more SYNs are unanswered than flows are stuck: the other flows are connected, or nearly so. */
  readonly areConnected: boolean;
  /** All flows have been opened, and none makes progress any more: each is over, held open, or retransmits what nobody acknowledges. */
  readonly isQuiet: boolean;
  /** Reports the present state. `at` is in seconds since the epoch; latencies are those measured since the last call. */
  second(now: number, at: number): FlowSecond;
  /** Reports the fate of every flow; to be called once, after everything else. */
  finish(now: number, at: number, ended: FlowReport['ended'], counts: SocketCounts): FlowReport;
}

export interface FlowLoadOptions {
  readonly profile: FlowProfile;
  readonly outbox: FrameQueue;
  readonly macs: Macs;
  /** When the load begins, in milliseconds of the monotonic clock (`now`) and in seconds since the epoch (`at`). */
  readonly now: number;
  readonly at: number;
}

/** The type of `makeFlowLoad` in lab/clients/raw/flowLoad.ts. */
export type MakeFlowLoad = (options: FlowLoadOptions) => FlowLoad;
