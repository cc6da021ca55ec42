import type { FileLine } from '../../site/model/sourceFile.js';
import type { Predicted } from './predicted.js';
import type { VirtualService } from './question.js';

/** What ends packets, or may. */
export interface PassageEnding {
  readonly at: FileLine;
  /** `REJECT icmp-host-prohibited`, `DROP`, `policy DROP`, `REDIRECT --to-ports 8080`. */
  readonly how: string;
  /** The chain that the kernel called. */
  readonly chain: string;
}

/** Something that nobody can know here, and why. */
export interface Unknown {
  readonly at: FileLine;
  readonly match: string;
  readonly why: string;
}

/** Who sends packets. */
export const senders = ['client', 'realserver', 'neighbour', 'director'] as const;
export type Sender = (typeof senders)[number];

/** What becomes of packets on the director. */
export const packetFates = ['passes', 'refused', 'diverted', 'unknown'] as const;
export type PacketFate = (typeof packetFates)[number];

/** What becomes of the packets of one kind. */
export interface PacketPrediction {
  /** `SYN`, `FIN`, `realserver's SYN-ACK`. */
  readonly packet: string;
  readonly from: Sender;
  /** What conntrack makes of it before IPVS has it. */
  readonly state: string;
  readonly fate: PacketFate;
  readonly through: readonly FileLine[];
  readonly by: readonly PassageEnding[];
  /** Rules that would let it through in another state. */
  readonly missed: readonly FileLine[];
  readonly because: readonly Unknown[];
}

/** What some clients get. */
export interface ClientsPrediction {
  /** Who they are, in words. */
  readonly clients: string;
  readonly outcome: Predicted;
  readonly packets: readonly PacketPrediction[];
}

/** What one way into the director and out of it comes to. */
export interface SituationPrediction {
  /** By which interface clients come in, and behind which the realservers are; undefined: no rule asks. */
  readonly clientSide: string | undefined;
  readonly serverSide: string | undefined;
  readonly outcome: Predicted;
}

/** Something that is taken for granted. */
export interface Assumption {
  readonly text: string;
  readonly at: FileLine | undefined;
}

/** One of the clients that an answer is about. */
export interface Example {
  readonly client: string;
  /** The ports that it may have, from the first to the last of each range. */
  readonly ports: readonly (readonly [number, number])[];
  /** By which interface its packets come in, and by which they go on; undefined: no rule asks. */
  readonly clientSide: string | undefined;
  readonly serverSide: string | undefined;
}

/** What realservers' own rules do to a service. */
export interface RealserverPrediction {
  /** The addresses of those that it is about. */
  readonly servers: readonly string[];
  /** Whose files were read, as it was given. */
  readonly from: string;
  readonly outcome: Predicted;
  readonly packets: readonly PacketPrediction[];
  /** Who the clients are for which it comes to that; undefined: all. */
  readonly clients: string | undefined;
  /** Where their interfaces decide and nobody said which they are. */
  readonly situations: readonly SituationPrediction[];
  readonly because: readonly Unknown[];
  readonly assumed: readonly Assumption[];
}

/** What the rules do to one service. */
export interface ServicePrediction {
  readonly service: VirtualService;
  readonly outcome: Predicted;
  /** The packets of those clients for which it comes to that. */
  readonly packets: readonly PacketPrediction[];
  /** Who these clients are; undefined: all. */
  readonly clients: string | undefined;
  /** Their addresses, as networks and ranges; undefined: all that were asked about. */
  readonly clientRanges?: readonly string[] | undefined;
  /** One of these clients; undefined: none can be named. */
  readonly example: Example | undefined;
  /** Realservers for which it comes to that, where it is not all of them. */
  readonly servers: readonly string[];
  /** Clients that fare otherwise. */
  readonly others: readonly ClientsPrediction[];
  /** Where interfaces decide and nobody said which they are. */
  readonly situations: readonly SituationPrediction[];
  readonly because: readonly Unknown[];
  readonly assumed: readonly Assumption[];
  /** What the realservers' own rules do to it, where their files were given; `outcome` is the worst of all. */
  readonly realservers?: readonly RealserverPrediction[];
}
