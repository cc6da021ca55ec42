import type { FlowShare } from '../../contracts/words/flows.js';
import type { Sender } from '../../contracts/words/nodes.js';
import type { Outcome } from '../../contracts/words/outcomes.js';

/** How the packet filter showed itself. */
export type Signal =
  | { readonly kind: 'icmp'; readonly type: number; readonly code: number; readonly from: Sender }
  | { readonly kind: 'tcp-reset'; readonly from: Sender }
  | { readonly kind: 'silence' };

/** Undefined: not bounded on that side. */
export interface Bounds {
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
}

/** What the raw-socket load must show; what is left out may be anything. */
export interface FlowExpectation {
  /** Of the flows as a whole; undefined: the scenario's outcome. */
  readonly outcome: Outcome | undefined;
  /** Percent of the flows that must have the outcome; undefined: all, but for one in a thousand. */
  readonly share?: Bounds | undefined;
  /** Percent of the flows opened that end in this way: `stuck` takes opening, transfer, closing and data together. */
  readonly shares: Readonly<Partial<Record<FlowShare, Bounds>>>;
  /** State as `ss` spells it -> the most sockets of flows in it at one moment, on each realserver. */
  readonly sockets: Readonly<Record<string, Bounds>>;
  /** State as IPVS spells it -> the most entries of flows in it at one moment, on the director that has most. */
  readonly ipvs: Readonly<Record<string, Bounds>>;
  /** Seconds at the 99th percentile of all flows. */
  readonly connect: Bounds | undefined;
  readonly firstByte: Bounds | undefined;
}

export interface Expectation {
  readonly outcome: Outcome;
  /** Undefined: any signal will do. */
  readonly signal: Signal | undefined;
  /** How many connections must have the outcome; undefined: all of them. */
  readonly connections?: Bounds | undefined;
  /** Bounds in seconds on the median time that connect() took in the measured phase; undefined: any. */
  readonly connect?: Bounds | undefined;
  /** Undefined: the flows, where there are any, have to have the outcome too, all of them. */
  readonly flows?: FlowExpectation | undefined;
}
