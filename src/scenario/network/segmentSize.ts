import type { Family, Forwarding } from '../../contracts/words/network.js';

const ethernet = 1500;
const tcpHeader = 20;
const ipHeader: Readonly<Record<Family, number>> = { ipv4: 20, ipv6: 40 };

/**
 * The most bytes of TCP payload that reach a realserver in one piece, after the header of a tunnel. A kernel learns this from the
 * director's ICMP; raw-socket flows do not learn the path's MTU and are told.
 */
export function segmentSize(family: Family, ways: ReadonlySet<Forwarding>): number {
  const headers = ways.has('tun') ? 2 : 1;
  return ethernet - headers * ipHeader[family] - tcpHeader;
}
