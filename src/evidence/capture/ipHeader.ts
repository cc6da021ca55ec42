import type { Family } from '../../contracts/words/network.js';
/** What dissecting needs of an IP header, of either version. */
export interface IpHeader {
  readonly family: Family;
  readonly source: string;
  readonly destination: string;
  /** Of the payload; IPv6's extension headers are passed over. */
  readonly protocol: number;
  /** TTL or hop limit. */
  readonly ttl: number;
  /** In units of 8 bytes, as on the wire. */
  readonly fragmentOffset: number;
  readonly payloadOffset: number;
  /** On the wire, whatever the capture kept of it. */
  readonly payloadLength: number;
}
