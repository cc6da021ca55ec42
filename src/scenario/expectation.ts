/**
 * What happened to the connections, whatever anyone expected.
 *
 * - `healthy`: the reply was complete, and both ends got rid of the connection (socket gone or TIME-WAIT).
 * - `close-blocked`: the reply was complete, and an end is stuck because a FIN, its acknowledgement or an RST does not get through.
 * - `data-lost`: the client's application closed behind what it had sent, and the realserver never got the end of it.
 * - `transfer-blocked`: client and realserver were connected, and the reply never became complete because segments do not get through.
 * - `handshake-blocked`: a realserver answered the SYN and never became ESTAB: the SYN-ACK or the client's ACK does not get through.
 * - `unreachable`: the client sent a SYN and no realserver answered it with a SYN-ACK.
 * - `ports-exhausted`: the client's kernel had no local port left to connect from (EADDRNOTAVAIL), so not even a SYN was sent.
 */
export const outcomes = [
  'healthy',
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

export interface Expectation {
  readonly outcome: Outcome;
  /** Undefined: any signal will do. */
  readonly signal: Signal | undefined;
  /** Bounds in seconds on the median time that connect() took in the measured phase; undefined: any. */
  readonly connect?:
    { readonly atLeast?: number | undefined; readonly atMost?: number | undefined } | undefined;
}
