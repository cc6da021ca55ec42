import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import { flowFates, loadEndings } from '../../contracts/words/flows.js';

/** What the raw load agent says of its flows, a line of JSON each in `flows.jsonl`, and samplers of sockets too many to list. */

const count = z.number().int().nonnegative();
const counts = z.record(z.string(), count);

/** How many flows have come so far; each is cumulative, and each flow is in `opened` from its first SYN. */
const progress = {
  opened: count,
  /** Got their SYN-ACK. */
  connected: count,
  /** Got the first byte of a reply. */
  answered: count,
  /** Sent their closing segment. */
  closing: count,
  /** Closed by both sides, or by the client's RST. */
  closed: count,
  /** Got a RST after they were connected. */
  reset: count,
  /** Got a RST or an ICMP error for their SYN. */
  refused: count,
  /**
   * Were given up once: nobody acknowledged the last retransmission, or the server said nothing for too long. Not in evidence of before it
   * was counted.
   */
  timedOut: count.default(0),
};

/** Segments and packets of the flows, cumulative. */
const traffic = {
  sent: count,
  received: count,
  /** Among `sent`. */
  retransmitted: count,
  /** Segments with FIN or RST among `sent`, each retransmission counted. */
  finsSent: count,
  rstsSent: count,
  /** `type/code` -> ICMP errors received that quote a flow's segment. */
  icmp: counts,
};

/** Seconds at each percentile. */
const latency = z.object({
  count,
  p50: z.number(),
  p90: z.number(),
  p99: z.number(),
  p999: z.number(),
  max: z.number(),
});

/** Left out where nothing was measured. */
const latencies = {
  /** SYN to SYN-ACK. */
  connect: latency.optional(),
  /** SYN to the first byte of the reply. */
  firstByte: latency.optional(),
  /** The first closing segment to both sides' being closed. */
  close: latency.optional(),
};

/** A line of `flows.jsonl`, about once a second. */
export const flowSecondSchema = z
  .object({
    ...progress,
    ...traffic,
    ...latencies,
    /** Seconds since the epoch, by the client's clock. */
    at: z.number(),
    /** Conversations between their SYN and their closing segment. */
    inProgress: count,
    /** Flows that wait for an acknowledgement which does not come: they retransmit, or were given up. */
    stuck: count.default(0),
  })
  // JSON leaves undefined members out; the shapes have them always.
  .transform(({ connect, firstByte, close, ...rest }) => ({ ...rest, connect, firstByte, close }));

const fate = z.enum(flowFates);
const fates = z.record(fate, count);

const report = z
  .object({
    ...progress,
    ...traffic,
    ...latencies,
    requested: count,
    seed: z.number(),
    /** Seconds since the epoch: start, when the last flow had been opened (left out: never), end. */
    startedAt: z.number(),
    openedAt: z.number().optional(),
    finishedAt: z.number(),
    ended: z.enum(loadEndings),
    /** The counts add up to `opened`. */
    fates,
    /** Conversation name -> fates. */
    byConversation: z.record(z.string(), fates),
    /** Up to twenty flows that are neither closed nor held, of each fate: `address:port`, which step they were at. */
    examples: z.array(z.object({ client: z.string(), fate, step: z.string(), retransmissions: count })),
    /** Frames that the kernel did not take (errno name -> count), and that its receive buffer had no room for. */
    sendErrors: counts,
    receiveDrops: count,
    /** Frames that could not be read as a flow's segment, an ICMP error of one, or a neighbour's question. */
    unreadable: count,
    /** SHA-256 over what every flow's SYN is made of, in the order of the flows: equal for equal seeds. */
    openings: z.string(),
    /** Of the agent's process. */
    memory: z.object({ residentBytes: count, tableBytes: count }),
    cpuSeconds: z.number(),
  })
  .transform(({ connect, firstByte, close, openedAt, ...rest }) => ({
    ...rest,
    ...{ connect, firstByte, close, openedAt },
  }));

/** The last line of `flows.jsonl`. */
export const flowReportLineSchema = z.object({ report });

export type FlowSecond = Immutable<z.infer<typeof flowSecondSchema>>;
export type FlowReport = Immutable<z.infer<typeof report>>;
export type FlowProgress = Pick<FlowSecond, keyof typeof progress>;
export type Latency = Immutable<z.infer<typeof latency>>;
/** Each is undefined where nothing was measured. */
export type FlowLatencies = Pick<FlowSecond, keyof typeof latencies>;

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
