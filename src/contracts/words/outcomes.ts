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
 * - `answered`: of UDP, every request was answered, and every datagram of the realserver's own came.
 * - `answered-stale`: of UDP, as answered, by a realserver that is none of the service's any more, or whose weight is 0.
 * - `unanswered`: of UDP, not every request was answered, or datagrams of the realserver's own did not come.
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
  'answered',
  'answered-stale',
  'unanswered',
] as const;
export type Outcome = (typeof outcomes)[number];

/** Whether nothing is wrong with connections of TCP, or flows of UDP, that come to this. */
export function isHealthy(outcome: Outcome | 'unexplained' | undefined): boolean {
  return outcome === 'healthy' || outcome === 'answered';
}

/** Whether clients are served, whoever serves them: then nothing answers in place of a realserver, and there is no signal. */
export function isServed(outcome: Outcome | 'unexplained' | undefined): boolean {
  return isHealthy(outcome) || outcome === 'bypassed' || outcome === 'answered-stale';
}

/** The result of a verdict. `inconclusive`: the lab was not sound, so nothing was decided. */
export const verdictResults = ['pass', 'fail', 'inconclusive'] as const;
export type VerdictResult = (typeof verdictResults)[number];
