/** ICMP types that quote the packet they are about. */

const unreachable = 3;
const sourceQuench = 4;
const redirect = 5;
const timeExceeded = 11;
const parameterProblem = 12;
const unreachable6 = 1;
const tooBig6 = 2;
const parameterProblem6 = 4;

export function isIcmpv4Error(type: number): boolean {
  return (type >= unreachable && type <= redirect) || type === timeExceeded || type === parameterProblem;
}

export function isIcmpv6Error(type: number): boolean {
  return type >= unreachable6 && type <= parameterProblem6;
}

/** Whether Linux gives up opening a connection when it receives this error (tcp_v4_err, tcp_v6_err). */
export function endsOpening(isIpv4: boolean, type: number, code: number): boolean {
  if (!isIpv4) return type !== tooBig6;
  const fragmentationNeeded = 4;
  if (type === unreachable) return code !== fragmentationNeeded;
  return type !== sourceQuench && type !== redirect;
}
