import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import { flowFates, type FlowFate, loadEndings } from '../../contracts/words/flowFates.js';

/** The raw load agent's report on its flows, a line of JSON each in `flows.jsonl`, and samplers' counts of sockets that are too many to list. */

const count = z.number().int().nonnegative();
const counts = z.record(z.string(), count);

/** How many flows have reached each stage since the start. Each flow is in `opened` from its first packet on. */
const progress = {
  opened: count,
  /** Flows that received their SYN-ACK, or of UDP their first reply. */
  connected: count,
  /** Flows that received the first byte of a reply. */
  answered: count,
  /** Flows that sent their closing segment, which those of UDP have not. */
  closing: count,
  /** Flows that both sides have closed, or the client by a RST; of UDP those that are over, answered or not. */
  closed: count,
  /** Flows that received a RST after they were connected. */
  reset: count,
  /** Flows whose SYN was answered by a RST or an ICMP error. */
  refused: count,
  /**
   * Flows that were given up at least once, because nobody acknowledged the last retransmission, or the server was silent for too long.
   * Older evidence does not have this count.
   */
  timedOut: count.default(0),
};

/** The flows' segments and packets since the start. */
const traffic = {
  sent: count,
  received: count,
  /** Retransmitted segments, which are among `sent`. */
  retransmitted: count,
  /** Segments with FIN or RST, which are among `sent`; each retransmission counts. */
  finsSent: count,
  rstsSent: count,
  /** For each `type/code`, how many ICMP errors arrived that quote a segment of a flow. */
  icmp: counts,
};

/** Times in seconds, one per percentile. */
const latency = z.object({
  count,
  p50: z.number(),
  p90: z.number(),
  p99: z.number(),
  p999: z.number(),
  max: z.number(),
});

/** Each is left out when nothing was measured. */
const latencies = {
  /** From the SYN to the SYN-ACK. */
  connect: latency.optional(),
  /** From the SYN to the first byte of the reply. */
  firstByte: latency.optional(),
  /** From the first closing segment until both sides have closed. */
  close: latency.optional(),
};

/** A line of `flows.jsonl`, written about once a second. */
export const flowSecondSchema = z
  .object({
    ...progress,
    ...traffic,
    ...latencies,
    /** When the line was written: seconds since the epoch, by the client's clock. */
    at: z.number(),
    /** Flows between their SYN and their closing segment, or their first request and their end. */
    inProgress: count,
    /** Flows that wait in vain for an acknowledgement: they retransmit, or were given up. Of UDP: they are over and were not answered. */
    stuck: count.default(0),
  })
  // JSON leaves undefined members out; the shapes have them always.
  .transform(({ connect, firstByte, close, ...rest }) => ({ ...rest, connect, firstByte, close }));

const fate = z.enum(flowFates);
/** What earlier versions did not know had no flow. */
const fates = z
  .partialRecord(fate, count)
  .transform((given) => ({ ...noFlows, ...given }) as Record<FlowFate, number>);
const noFlows = Object.fromEntries(flowFates.map((one) => [one, 0]));

const report = z
  .object({
    ...progress,
    ...traffic,
    ...latencies,
    requested: count,
    seed: z.number(),
    /** Seconds since the epoch: when the load began, when the last flow was opened (left out: never), and when the load ended. */
    startedAt: z.number(),
    openedAt: z.number().optional(),
    finishedAt: z.number(),
    ended: z.enum(loadEndings),
    /** The counts add up to `opened`. */
    fates,
    /** For each conversation's name, the fates of its flows. */
    byConversation: z.record(z.string(), fates),
    /** Of UDP, for whoever sent a last reply, at which port and in which second since the epoch, how many of the flows that were `answered` got it then. */
    lastReplies: z.array(z.object({ by: z.string(), port: count, second: count, flows: count })).optional(),
    /** For each fate but `closed`, `held` and `answered`, up to twenty flows as examples: `address:port`, and the step that the flow had reached. */
    examples: z.array(z.object({ client: z.string(), fate, step: z.string(), retransmissions: count })),
    /** Frames that the kernel refused, counted by errno name, and frames that its receive buffer had no room for. */
    sendErrors: counts,
    receiveDrops: count,
    /** Frames that were no segment of a flow, no ICMP error about one, and no neighbour's message. */
    unreadable: count,
    /** SHA-256 over the contents of every flow's SYN, or its ends where it has none, in the order of the flows; equal seeds give equal hashes. */
    openings: z.string(),
    /** Memory of the agent's process, in bytes. */
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
/** Latencies of flows; each is undefined when nothing was measured. */
export type FlowLatencies = Pick<FlowSecond, keyof typeof latencies>;

/** How many sockets of flows a node had in each state at one moment (`@@ tally`), without those of witnesses. */
export interface SocketTally {
  readonly time: number;
  /** For each state, as `ss` spells it, the number of sockets. */
  readonly states: Readonly<Record<string, number>>;
  /** Values of /proc/net/sockstat for TCP: `orphan`, `tw`, `mem` (pages). */
  readonly sockstat: Readonly<Record<string, number>>;
}

/** How many IPVS entries of flows a director had in each state at one moment (`@@ ipvs-tally`). */
export interface IpvsTally {
  readonly time: number;
  readonly states: Readonly<Record<string, number>>;
  /** Memory of all entries as the kernel allocates it; undefined when the kernel does not tell their size. */
  readonly bytes: number | undefined;
}

/** What is known of the raw-socket load of a phase. */
export interface FlowEvidence {
  /** The addresses of the flows' clients: a CIDR, or a list. */
  readonly sources: readonly string[];
  /** What the agent was told: how many flows to open, how many per second, and in how many seconds that rate grows from 0. */
  readonly asked: { readonly count: number; readonly rate: number; readonly ramp: number };
  readonly seconds: readonly FlowSecond[];
  /** The agent's last report; undefined: it did not write one. */
  readonly report: FlowReport | undefined;
  /** For each node's name, the tallies of its sockets in the order of time. */
  readonly sockets: Readonly<Record<string, readonly SocketTally[]>>;
  readonly ipvs: Readonly<Record<string, readonly IpvsTally[]>>;
  /** For each director, what its IPVS counted in the phase, for flows and witnesses together. */
  readonly ipvsStats: Readonly<Record<string, IpvsStats>>;
  /** For each node's name, how many packets the kernel dropped of its capture, by tcpdump's count. */
  readonly captureDrops: Readonly<Record<string, number>>;
  /** For each node's name and interface, what `ip -s link` counted in the phase (rx_dropped, tx_dropped, rx_errors and so on). */
  readonly links: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;
  /** For each node's name and interface, how many packets its queue dropped in the phase, on purpose (netem's loss) or because it was full. */
  readonly queueDrops: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The nodes' interfaces through which packets leave on their way from the client to a director. */
  readonly way: readonly { readonly node: string; readonly device: string }[];
  /** How many packets the engine's processors have dropped since the phase began because their backlog was full. */
  readonly backlogDrops: number | undefined;
}

/** What a director's IPVS counted for all its services together. */
export interface IpvsStats {
  readonly connections: number;
  /** Packets from clients that were passed on. A packet without a destination, or that never reached IPVS, is not counted. */
  readonly packets: number;
}
