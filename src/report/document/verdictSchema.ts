import { flowFates, flowShares } from '../../contracts/words/flows.js';
import { senders } from '../../contracts/words/nodes.js';
import { tcpStates } from '../../contracts/words/network.js';
import { outcomes, verdictResults } from '../../contracts/words/outcomes.js';
import { z } from 'zod';

const text = z.string();
const number = z.number();
const count = z.number().int().nonnegative();
const list = <T extends z.ZodType>(each: T) => z.array(each).readonly();
const counts = z.record(text, count);
/** An object with a member for each of the words. */
const each = <const Word extends string, T extends z.ZodType>(words: readonly Word[], member: T) =>
  z.object(Object.fromEntries(words.map((word) => [word, member])) as Record<Word, T>);
const countsOfNodes = z.record(text, counts);

const outcome = z.enum(outcomes).meta({ id: 'outcome', description: 'What happened to the connections.' });
const sender = z.enum(senders);

const signal = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('icmp'), type: count, code: count, from: sender }),
    z.object({ kind: z.literal('tcp-reset'), from: sender }),
    z.object({ kind: z.literal('silence') }),
  ])
  .meta({ id: 'signal', description: 'How the packet filter showed itself.' });

const bounds = z.object({ atLeast: number.optional(), atMost: number.optional() }).meta({ id: 'bounds' });

/** An expectation as JSON has it. */
export const expectationSchema = z.object({
  outcome,
  connections: bounds.optional().describe('On the number of connections with the outcome; left out: all.'),
  signal: signal.optional().describe('Left out: any signal will do.'),
  connect: bounds.optional().describe('On the median time that connect() took, in seconds.'),
  flows: z
    .object({
      outcome: outcome.optional(),
      share: bounds
        .optional()
        .describe(
          'On the percentage of the flows with the outcome; left out: all, but for one in a thousand.',
        ),
      shares: each(flowShares, bounds.exactOptional()).describe('Percent of the flows opened.'),
      sockets: z.record(text, bounds),
      ipvs: z.record(text, bounds),
      connect: bounds.optional(),
      firstByte: bounds.optional(),
    })
    .optional(),
});

const spread = z.object({ median: number, max: number }).meta({ id: 'spread', description: 'Seconds.' });

const latency = z
  .object({ count, p50: number, p90: number, p99: number, p999: number, max: number })
  .meta({ id: 'latency', description: 'Seconds at each percentile.' });

const flows = z.object({
  opened: count,
  fates: each(flowFates, count),
  unexplained: count,
  leftOpen: count,
  outcome: outcome.optional(),
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
  openedPerSecond: number,
  askedPerSecond: number.describe('Openings a second that the scenario asks for.'),
  peaks: countsOfNodes,
  ipvs: counts,
  ipvsBytes: number.optional(),
  closingSegments: z
    .object({
      sent: count,
      arrived: count,
      forwarded: count,
      turnedAway: count,
      lostOnLinks: count,
      missing: number,
    })
    .optional(),
  ipvsPackets: z
    .object({ sent: count, passed: count, turnedAway: count, lostOnLinks: count, missing: number })
    .optional()
    .describe("All packets of clients, by IPVS's own counters."),
  losses: list(text),
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
      from: sender,
      count,
      quoting: text.describe('Flags of the quoted segment, as tcpdump writes them.'),
    }),
  ).describe('ICMP errors; the kernel limits their rate, so rejected packets are not counted by them.'),
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
  ipvs: counts.describe('IPVS state -> entries at the end.'),
  ipvsUnknown: text.optional().describe('Why there may have been more of them; left out: there were not.'),
  closingSegments: z.object({ fin: count, rst: count }),
  connect: spread.optional(),
  connectOnWire: spread.optional(),
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
  client: text.describe("The client's end: `address:port`."),
  realserver: text.optional(),
  fate: z.enum([...outcomes, 'unexplained']),
  clientState: tcpState,
  realserverState: tcpState,
  ipvsState: text.optional(),
  because: text,
});

const finding = z
  .object({
    outcome: outcome.optional().describe('Left out: the connections came to no single outcome.'),
    signal,
    numbers,
    connections: list(fate),
    unsound: list(text).describe('Why this phase cannot be judged; empty when it can.'),
  })
  .meta({ id: 'finding', description: 'What one phase came to.' });

/** A verdict as JSON has it: what is undefined in memory is left out. */
export const verdictSchema = z.object({
  scenario: text,
  result: z.enum(verdictResults),
  expected: expectationSchema,
  measured: finding.optional().describe('With the rules loaded; left out when it never ran.'),
  control: finding.optional().describe('The same load before any rule was loaded.'),
  trace: z
    .object({
      connections: count,
      nodes: list(text),
      culprits: list(z.object({ node: text, rule: text, packet: text, packets: count })),
      problems: list(text).describe('Why it may not be whole.'),
    })
    .optional()
    .describe(
      'Which rules turned packets away, by a trace of a few connections made after the measured ones, where rules do not count. The result does not depend on it.',
    ),
  reasons: list(text).describe('Why, for people; one sentence each.'),
});
