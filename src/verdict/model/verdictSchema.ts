import { flowFates } from '../../contracts/words/flowFates.js';
import { tcpStates } from '../../contracts/words/network.js';
import { outcomes, verdictResults } from '../../contracts/words/outcomes.js';
import { keptControlSchema } from '../../evidence/model/keptControl.js';
import {
  expectationSchema,
  outcomeSchema,
  senderSchema,
  signalSchema,
} from '../../scenario/model/expectation.js';
import { z } from 'zod';
import { explanationSchema } from './explanationSchema.js';

const text = z.string();
const number = z.number();
const count = z.number().int().nonnegative();
const list = <T extends z.ZodType>(each: T) => z.array(each).readonly();
const counts = z.record(text, count);
/** An object with a member for each of the words. */
const each = <const Word extends string, T extends z.ZodType>(words: readonly Word[], member: T) =>
  z.object(Object.fromEntries(words.map((word) => [word, member])) as Record<Word, T>);
const countsOfNodes = z.record(text, counts);

const spread = z.object({ median: number, max: number }).meta({ id: 'spread', description: 'Seconds.' });

const latency = z
  .object({ count, p50: number, p90: number, p99: number, p999: number, max: number })
  .meta({ id: 'latency', description: 'Seconds at each percentile.' });

const flows = z.object({
  opened: count,
  // Those of UDP had no flow in the first versions.
  fates: each(flowFates, count).extend({ answered: count.default(0), unanswered: count.default(0) }),
  /** Flows that nothing in the evidence explains: unfinished ones, and stuck ones for which no packet was counted anywhere. */
  unexplained: count,
  /** Flows among the closed ones of which a realserver still holds its end: the client's RST did not get there. */
  leftOpen: count,
  /** Flows of UDP among the answered ones whose last reply came from a node that is none of the service's any more, or has weight 0. */
  answeredStale: count
    .optional()
    .describe(
      "Of UDP, answered flows whose last reply was a node's that the service has no more, or with weight 0; left out: the flows are of TCP.",
    ),
  /** What most of them came to; all of them, but for one in a thousand, where it is `healthy` or `answered`. */
  outcome: outcomeSchema.optional(),
  outcomes: counts
    .optional()
    .describe('Outcome -> flows that came to it; left out by the first versions of lvs-lab.'),
  latencies: z.object({
    connect: latency.optional(),
    firstByte: latency.optional(),
    close: latency.optional(),
  }),
  traffic: z.object({
    sent: count,
    received: count,
    retransmitted: count,
    finsSent: count,
    rstsSent: count,
    icmp: counts.describe('`type/code` -> ICMP errors received.'),
  }),
  /** Openings a second, over the time in which they were made; and what the scenario asked for, its ramp reckoned in. */
  openedPerSecond: number,
  askedPerSecond: number.describe('Openings a second that the scenario asks for.'),
  /**
   * Name of a node that serves -> state -> most sockets of flows in it at one moment. Those that the control run's flows left behind, of
   * which there are few, are counted here too, and in `ipvs`: TIME-WAIT lasts for a minute.
   */
  peaks: countsOfNodes,
  /** IPVS state -> most entries in it at one moment, on the director that had most; and bytes of the table at its fullest. */
  ipvs: counts,
  ipvsBytes: number.optional(),
  /**
   * The balance of the flows' FIN and RST segments from the client to the directors and on: sent = forwarded + turnedAway +
   * lostOnLinks + missing.
   * Undefined where no capture tells, and where a director serves connections itself.
   */
  closingSegments: z
    .object({
      sent: count,
      arrived: count,
      forwarded: count,
      /** Stopped at a director or the router before it, and counted there by a rule or the kernel. */
      turnedAway: count,
      /** Dropped by the queue of a link, on purpose or for want of room; no more than were dropped there of all packets. */
      lostOnLinks: count,
      /** Counted nowhere. */
      missing: number,
    })
    .optional(),
  /**
   * All packets of clients, flows' and witnesses', by IPVS's own counters: sent = passed + turnedAway + lostOnLinks + missing. Undefined where
   * closingSegments is, and where IPVS has no counters.
   */
  ipvsPackets: z
    .object({ sent: count, passed: count, turnedAway: count, lostOnLinks: count, missing: number })
    .optional()
    .describe("All packets of clients, by IPVS's own counters."),
  /** Where packets or sockets went missing, one sentence for each hop that counted a loss; empty when none did. */
  losses: list(text),
  /** Where the kernel's limit on ICMP errors held some back, which is no loss; one sentence for each node. */
  icmpLimits: list(text),
});

const numbers = z.object({
  connections: count,
  fates: counts.describe('What became of the connections -> how many.'),
  sockets: countsOfNodes.describe('Node -> TCP state as `ss` spells it -> sockets at the end.'),
  icmp: list(
    z.object({
      type: count,
      code: count,
      from: senderSchema,
      count,
      quoting: text.describe('Flags of the quoted segment, as tcpdump writes them.'),
    }),
  ).describe('ICMP errors; the kernel limits their rate, so rejected packets are not counted by them.'),
  /** Rules of any node that reject or drop, and counted something. A rule of nftables has its family, table and chain before it. Packets of flows are among them. */
  rejected: list(z.object({ node: text, rule: text, packets: count })).describe(
    'Rules that reject or drop, and counted something.',
  ),
  taken: list(z.object({ node: text, rule: text, packets: count }))
    .optional()
    .describe(
      'Rules that gave packets another way before IPVS could see them; rules of nat tables count connections.',
    ),
  uncounted: list(z.object({ node: text, rule: text }))
    .optional()
    .describe('Rules that reject, drop or take what they match, and do not tell whether they did.'),
  counters: list(z.object({ node: text, counter: text, increment: count }))
    .optional()
    .describe('Counters of kernels, of the kind that can explain a loss, that moved.'),
  takeovers: list(
    z.object({
      from: text,
      to: text,
      connections: count,
      known: count.describe('The new director had an entry of them before it got their first packet.'),
      unknown: count.describe('It never had one.'),
      syncPackets: count.describe('Packets of the connection sync (8848/udp) that reached it.'),
    }),
  )
    .optional()
    .describe('Directors that took connections over in mid-course.'),
  idle: list(z.object({ node: text, rule: text }))
    .optional()
    .describe('Rules that matched no packet at all, in chains that packets came to.'),
  lateEvents: list(z.object({ what: text, asked: number, begun: number }))
    .optional()
    .describe(
      'Events that began much later than they were due, in seconds after all connections were open; left out: none did.',
    ),
  ipvs: counts.describe('IPVS state -> entries at the end.'),
  ipvsUnknown: text.optional().describe('Why there may have been more of them; left out: there were not.'),
  /** FIN or RST segments of the client's, as the directors' captures have them arriving. */
  closingSegments: z.object({ fin: count, rst: count }),
  /** How long connect() took, over the connections where it succeeded; undefined: in none. */
  connect: spread.optional(),
  connectOnWire: spread.optional(),
  /** From the opening to the first byte of the (last) reply, over the connections that got one. */
  firstByte: spread.optional(),
  followed: z
    .object({ connections: count, flows: count.optional() })
    .optional()
    .describe(
      "Connections and flows in the client's capture that were compared with what the scenario asks for.",
    ),
  flows: flows.optional().describe('What the raw-socket load came to.'),
});

const tcpState = z.enum([...tcpStates, 'gone']);

const fate = z.object({
  /** Its end: `address:port`; port 0 where the kernel had none to give. */
  client: text.describe("The client's end: `address:port`."),
  /** The node that served it. */
  realserver: text.optional(),
  later: z.literal(true).exactOptional().describe('That it was one of those that were to be opened later.'),
  fate: z.enum([...outcomes, 'unexplained']),
  clientState: tcpState,
  realserverState: tcpState,
  ipvsState: text.optional(),
  /** One sentence saying which observations decide it. */
  because: text,
});

const finding = z
  .object({
    outcome: outcomeSchema.optional().describe('Left out: the connections came to no single outcome.'),
    signal: signalSchema,
    numbers,
    connections: list(fate),
    unsound: list(text).describe('Why this phase cannot be judged; empty when it can.'),
    kept: keptControlSchema
      .optional()
      .describe(
        'Of the control run: it was kept with a saved lab of the shape `lab`, in which this run began, and copied. Left out: this run made it.',
      ),
  })
  .meta({ id: 'finding', description: 'What one phase came to.' });

/** A verdict as JSON has it: what is undefined in memory is left out. */
export const verdictSchema = z.object({
  scenario: text,
  result: z.enum(verdictResults),
  expected: expectationSchema,
  measured: finding
    .optional()
    .describe('With the rules loaded; left out when it never ran, or cannot be read.'),
  control: finding.optional().describe('The same load before any rule was loaded.'),
  trace: z
    .object({
      connections: count.describe('How many were made for the trace.'),
      lost: count
        .optional()
        .describe(
          'How many of them were seen to lose packets to the culprits; left out by earlier versions.',
        ),
      untilDrop: z
        .boolean()
        .optional()
        .describe(
          'Whether the trace ended because a packet had been dropped, so that what the connections lost later is not in it; left out by earlier versions.',
        ),
      nodes: list(text),
      culprits: list(z.object({ node: text, rule: text, packet: text, packets: count })),
      problems: list(text).describe('Why it may not be whole.'),
    })
    .optional()
    .describe(
      'Which rules turned packets away, by a trace of a few connections made after the measured ones, where rules do not count. The result does not depend on it.',
    ),
  explanation: explanationSchema
    .optional()
    .describe(
      'What is to blame, by packets of connections that were made once more; left out when nobody asked (`--explain`), or all were healthy.',
    ),
  reasons: list(text).describe('Why, for people; one sentence each.'),
});
