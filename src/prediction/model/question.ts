import type { Family, Forwarding } from '../../contracts/words/network.js';
import type { Chains } from './filter.js';

/** A virtual service as packets know it: all that is asked about is one of these. */
export interface VirtualService {
  readonly protocol: 'tcp' | 'udp';
  readonly family: Family;
  readonly vip: string;
  readonly port: number;
  /** The mark by which IPVS finds it; undefined: it is found by its address. */
  readonly fwmark: number | undefined;
  /** Whether IPVS schedules each of its datagrams by itself, and keeps no entry of them; undefined: it keeps one. */
  readonly onePacket?: true | undefined;
  /** What its file says of which realserver a client gets, in the file's own words; undefined: nothing. */
  readonly choosing?: readonly string[] | undefined;
  readonly servers: readonly ServiceServer[];
  readonly at: { readonly file: string; readonly line: number } | undefined;
}

/** One of its realservers. */
export interface ServiceServer {
  readonly address: string;
  readonly port: number;
  readonly forwarding: Forwarding;
  /** Whether it is the director itself. */
  readonly isLocal: boolean;
}

/** What is known of the director beside its rules. */
export interface Director {
  readonly vsConntrack: boolean;
  readonly loose: boolean;
  /** The sysctl by which it is no router for the service's family; undefined: it is one, or nobody said. */
  readonly forwardingOff?: string | undefined;
  /** By which interface clients come in; undefined: nobody said. */
  readonly clientSide: readonly string[] | undefined;
  /** Behind which interface the realservers are; undefined: nobody said. */
  readonly serverSide: readonly string[] | undefined;
  /** The addresses that clients may have, as they were given; undefined: any. */
  readonly clients: readonly string[] | undefined;
  /** Addresses of the director's own. */
  readonly own: readonly string[];
  /** All its interfaces; undefined: nobody said. */
  readonly interfaces: readonly string[] | undefined;
}

/** The rules of a site, ready to be walked through. */
export interface DirectorFilters {
  /** Of iptables, ip6tables and nft, each with chains of its own. */
  readonly families: readonly Chains[];
}
