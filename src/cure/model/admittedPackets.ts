import type { Family } from '../../contracts/words/network.js';
import type { ConntrackState } from '../../prediction/model/filter.js';

/** Packets that a rule is to let through. What is undefined is not asked. */
export interface AdmittedPackets {
  readonly family: Family;
  /** `tunnel` is IP in IP; `neighbour` are the messages of ICMPv6 by which hosts on a link find each other. */
  readonly protocol: 'tcp' | 'udp' | 'tunnel' | 'neighbour';
  readonly source?: string;
  readonly destination?: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** Those that close a connection (FIN or RST), or all but those that open one. */
  readonly flags?: 'closing' | 'later';
  readonly states?: readonly ConntrackState[];
}
