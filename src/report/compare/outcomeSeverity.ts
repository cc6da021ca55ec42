import type { Outcome } from '../../contracts/words/outcomes.js';

/**
 * How far each outcome is from healthy: the later in a connection's life it goes wrong, the closer. This is the only place that says so. An
 * outcome that is missing here does not compile.
 */
const distances: Readonly<Record<Outcome, number>> = {
  healthy: 0,
  // The same of UDP.
  answered: 1,
  // Clients are served and let go of, by a realserver that nobody balances or takes out.
  bypassed: 2,
  // Clients are served, by a realserver that was taken out.
  'answered-stale': 3,
  // The reply is there, and sockets are left behind.
  'close-blocked': 4,
  // The client believes that all was sent.
  'data-lost': 5,
  'transfer-blocked': 6,
  'handshake-blocked': 7,
  unreachable: 8,
  // Of UDP, some or all of what was asked is lost.
  unanswered: 9,
  // Not even a SYN can be sent.
  'ports-exhausted': 10,
};

/** How far an outcome is from healthy, which is 0 itself; only the order of the numbers means something. */
export function distanceFromHealthy(outcome: Outcome): number {
  return distances[outcome];
}
