import type { Outcome } from '../../scenario/expectation.js';

/**
 * How far each outcome is from healthy: the later in a connection's life it goes wrong, the closer. The one place that says so; an outcome
 * without a place here does not compile.
 */
const distances: Readonly<Record<Outcome, number>> = {
  healthy: 0,
  // The reply is there, and sockets are left behind.
  bypassed: 1,
  'close-blocked': 1,
  // The client believes that all was sent.
  'data-lost': 2,
  'transfer-blocked': 3,
  'handshake-blocked': 4,
  unreachable: 5,
  // Not even a SYN can be sent.
  'ports-exhausted': 6,
};

/** How far an outcome is from healthy, 0 being healthy itself; only the order of two of them means something. */
export function distanceFromHealthy(outcome: Outcome): number {
  return distances[outcome];
}
