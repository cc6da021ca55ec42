import type { Family } from '../../contracts/words/network.js';
import type { Topology } from '../model/types.js';

const ethernet = 1500;
const tcpHeader = 20;
const ipHeader: Readonly<Record<Family, number>> = { ipv4: 20, ipv6: 40 };

/**
 * Most bytes of TCP payload in a segment that gets to a realserver in one piece: a tunnel's header takes its part too. A kernel learns
 * this from the director's ICMP; raw-socket flows, which know nothing of the path's MTU, are told.
 */
export function segmentSize({ family, forwarding }: Pick<Topology, 'family' | 'forwarding'>): number {
  const headers = forwarding === 'tun' ? 2 : 1;
  return ethernet - headers * ipHeader[family] - tcpHeader;
}
