import type { FlowFate, LoadEnding } from '../../contracts/words/flows.js';

/** What the raw load agent says of its flows, and samplers of sockets too many to list. */

/** How many flows have come so far; each is cumulative, and each flow is in `opened` from its first SYN. */
export interface FlowProgress {
  readonly opened: number;
  /** Got their SYN-ACK. */
  readonly connected: number;
  /** Got the first byte of a reply. */
  readonly answered: number;
  /** Sent their closing segment. */
  readonly closing: number;
  /** Closed by both sides, or by the client's RST. */
  readonly closed: number;
  /** Got a RST after they were connected. */
  readonly reset: number;
  /** Got a RST or an ICMP error for their SYN. */
  readonly refused: number;
  /** Were given up once: nobody acknowledged the last retransmission, or the server said nothing for too long. */
  readonly timedOut: number;
}

/** Segments and packets of the flows, cumulative. */
export interface FlowTraffic {
  readonly sent: number;
  readonly received: number;
  /** Among `sent`. */
  readonly retransmitted: number;
  /** Segments with FIN or RST among `sent`, each retransmission counted. */
  readonly finsSent: number;
  readonly rstsSent: number;
  /** `type/code` -> ICMP errors received that quote a flow's segment. */
  readonly icmp: Readonly<Record<string, number>>;
}

/** Seconds at each percentile; undefined where nothing was measured. */
export interface Latency {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface FlowLatencies {
  /** SYN to SYN-ACK. */
  readonly connect: Latency | undefined;
  /** SYN to the first byte of the reply. */
  readonly firstByte: Latency | undefined;
  /** The first closing segment to both sides' being closed. */
  readonly close: Latency | undefined;
}

/** One line of `flows.jsonl`, about once a second. */
export interface FlowSecond extends FlowProgress, FlowTraffic, FlowLatencies {
  /** Seconds since the epoch, by the client's clock. */
  readonly at: number;
  /** Conversations between their SYN and their closing segment. */
  readonly inProgress: number;
  /** Flows that wait for an acknowledgement which does not come: they retransmit, or were given up. */
  readonly stuck: number;
}

/** The last line of `flows.jsonl`, as `{"report": ...}`. */
export interface FlowReport extends FlowProgress, FlowTraffic, FlowLatencies {
  readonly requested: number;
  readonly seed: number;
  /** Seconds since the epoch: start, when the last flow had been opened (undefined: never), end. */
  readonly startedAt: number;
  readonly openedAt: number | undefined;
  readonly finishedAt: number;
  /** Why it ended: told to, by its own deadline, its orchestrator gone, or all conversations over. */
  readonly ended: LoadEnding;
  /** The counts add up to `opened`. */
  readonly fates: Readonly<Record<FlowFate, number>>;
  /** Conversation name -> fates. */
  readonly byConversation: Readonly<Record<string, Readonly<Record<FlowFate, number>>>>;
  /** Up to twenty flows that are neither closed nor held, of each fate: `address:port`, which step they were at. */
  readonly examples: readonly {
    readonly client: string;
    readonly fate: FlowFate;
    readonly step: string;
    readonly retransmissions: number;
  }[];
  /** Frames that the kernel did not take (errno name -> count), and that its receive buffer had no room for. */
  readonly sendErrors: Readonly<Record<string, number>>;
  readonly receiveDrops: number;
  /** Frames that could not be read as a flow's segment, an ICMP error of one, or a neighbour's question. */
  readonly unreadable: number;
  /** SHA-256 over what every flow's SYN is made of, in the order of the flows: equal for equal seeds. */
  readonly openings: string;
  /** Of the agent's process. */
  readonly memory: { readonly residentBytes: number; readonly tableBytes: number };
  readonly cpuSeconds: number;
}

/** How many sockets of the flows a node had in each state at one moment (`@@ tally`), witnesses' sockets left out. */
export interface SocketTally {
  readonly time: number;
  /** State as `ss` spells it -> sockets. */
  readonly states: Readonly<Record<string, number>>;
  /** Of /proc/net/sockstat: TCP `orphan`, `tw`, `mem` (pages). */
  readonly sockstat: Readonly<Record<string, number>>;
}

/** How many IPVS entries of the flows a director had in each state at one moment (`@@ ipvs-tally`). */
export interface IpvsTally {
  readonly time: number;
  readonly states: Readonly<Record<string, number>>;
  /** All entries times the size of one, as the kernel allocates it; undefined where it does not say. */
  readonly bytes: number | undefined;
}

/** What a phase with raw-socket load has beside its witnesses. */
export interface FlowEvidence {
  /** CIDR or list of addresses that the flows came from. */
  readonly sources: readonly string[];
  /** How many flows the agent was to open, and how fast: openings a second, and seconds in which that rate grows from nothing. */
  readonly asked: { readonly count: number; readonly rate: number; readonly ramp: number };
  readonly seconds: readonly FlowSecond[];
  /** Undefined: the agent came to no report. */
  readonly report: FlowReport | undefined;
  /** Node name -> tallies in the order of time. */
  readonly sockets: Readonly<Record<string, readonly SocketTally[]>>;
  readonly ipvs: Readonly<Record<string, readonly IpvsTally[]>>;
  /** Director -> what its IPVS counted in the phase, of flows and witnesses together. */
  readonly ipvsStats: Readonly<Record<string, IpvsStats>>;
  /** Node name -> packets that its capture's kernel side dropped, by tcpdump's own count. */
  readonly captureDrops: Readonly<Record<string, number>>;
  /** Node name -> interface -> what `ip -s link` counted in the phase (rx_dropped, tx_dropped, rx_errors ...). */
  readonly links: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;
  /** Node name -> interface -> packets that its queue dropped in the phase, on purpose (netem's loss) or for want of room. */
  readonly queueDrops: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The interfaces by which a packet leaves a node on its way from the client to a director. */
  readonly way: readonly { readonly node: string; readonly device: string }[];
  /** Packets that the engine's processors dropped because their backlog was full, since the phase began. */
  readonly backlogDrops: number | undefined;
}

/** What a director's IPVS counted of all its services. */
export interface IpvsStats {
  readonly connections: number;
  /** From clients, and passed on: what has no destination, or never got as far as IPVS, is not among them. */
  readonly packets: number;
}
