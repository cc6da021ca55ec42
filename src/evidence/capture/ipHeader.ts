import type { Family } from '../../contracts/words/network.js';
/** The fields of an IP header of either version that the other readers need. */
export interface IpHeader {
  readonly family: Family;
  readonly source: string;
  readonly destination: string;
  /** The protocol of the payload; IPv6's extension headers have been skipped. */
  readonly protocol: number;
  /** The TTL or hop limit. */
  readonly ttl: number;
  /** The fragment offset in units of 8 bytes, as on the wire. */
  readonly fragmentOffset: number;
  readonly payloadOffset: number;
  /** Bytes of payload on the wire, however much the capture kept. */
  readonly payloadLength: number;
}
