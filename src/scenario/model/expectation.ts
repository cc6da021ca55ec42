/**
 * What happened to the connections, whatever anyone expected.
 *
 * - `healthy`: the reply was complete, and both ends got rid of the connection (socket gone or TIME-WAIT).
 * - `bypassed`: as healthy, but others than the director answer for the VIP, so that packets go past it: all, or as chance has it.
 * - `close-blocked`: the reply was complete, and an end is stuck because a FIN, its acknowledgement or an RST does not get through.
 * - `data-lost`: the client's application closed behind what it had sent, and the realserver never got the end of it.
 * - `transfer-blocked`: client and realserver were connected, and the reply never became complete because segments do not get through.
 * - `handshake-blocked`: a realserver answered the SYN and never became ESTAB: the SYN-ACK or the client's ACK does not get through.
 * - `unreachable`: no realserver answered the client's SYN with a SYN-ACK; or there was none, as nobody was found at the next hop's address.
 * - `ports-exhausted`: the client's kernel had no local port left to connect from (EADDRNOTAVAIL), so not even a SYN was sent.
 */
export const outcomes = [
  'healthy',
  'bypassed',
  'close-blocked',
  'data-lost',
  'transfer-blocked',
  'handshake-blocked',
  'unreachable',
  'ports-exhausted',
] as const;
export type Outcome = (typeof outcomes)[number];

/** Who sent an ICMP error or a reset; `router` only where the topology has one. */
export type Sender = 'director' | 'realserver' | 'client' | 'router' | 'unknown';

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
  readonly shares: Readonly<Partial<Record<'closed' | 'stuck' | 'reset' | 'refused' | 'held', Bounds>>>;
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
