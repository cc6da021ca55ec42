import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import { flowShares, type FlowShare } from '../../contracts/words/flowFates.js';
import { blameKinds } from '../../contracts/words/blame.js';
import { roles, senders } from '../../contracts/words/nodes.js';
import { outcomes } from '../../contracts/words/outcomes.js';

const text = z.string();
const number = z.number();
const count = z.number().int().nonnegative();

/** A word for what happened to the connections. */
export const outcomeSchema = z
  .enum(outcomes)
  .meta({ id: 'outcome', description: 'What happened to the connections.' });
/** A word for who sent an ICMP error or a reset. */
export const senderSchema = z.enum(senders);

/** How the packet filter showed itself. */
export const signalSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('icmp'), type: count, code: count, from: senderSchema }),
    z.object({ kind: z.literal('tcp-reset'), from: senderSchema }),
    z.object({ kind: z.literal('silence') }),
  ])
  .meta({ id: 'signal', description: 'How the packet filter showed itself.' });

const bounds = z.object({ atLeast: number.optional(), atMost: number.optional() }).meta({ id: 'bounds' });

const sharesShape = Object.fromEntries(flowShares.map((name) => [name, bounds.exactOptional()])) as Record<
  FlowShare,
  ReturnType<typeof bounds.exactOptional>
>;

const flows = z.object({
  outcome: outcomeSchema.optional(),
  share: bounds
    .optional()
    .describe('On the percentage of the flows with the outcome; left out: all, but for one in a thousand.'),
  shares: z.object(sharesShape).describe('Percent of the flows opened.'),
  /** For each state, as `ss` spells it, bounds on the most sockets of flows in it at one moment, on each realserver. */
  sockets: z.record(text, bounds),
  /** For each state, as IPVS spells it, bounds on the most entries of flows in it at one moment, on the director with the most. */
  ipvs: z.record(text, bounds),
  /** Bounds on the 99th percentile of all flows, in seconds. */
  connect: bounds.optional(),
  firstByte: bounds.optional(),
});

const ofSome = z
  .object({
    outcome: outcomeSchema.exactOptional().describe('Left out: any.'),
    connections: bounds.exactOptional().describe('Left out: all of them, and at least one.'),
  })
  .meta({ id: 'expectedOfSome' });

const blame = z
  .object({
    kind: z.enum(blameKinds),
    what: text.describe('The rule or policy, the setting, the counter, or a word.'),
    on: z.enum(roles).exactOptional(),
  })
  .meta({ id: 'expectedBlame' });

/** What a run is expected to find. In plan.json and in verdicts, undefined members are left out. */
export const expectationSchema = z.object({
  outcome: outcomeSchema,
  connections: bounds.optional().describe('On the number of connections with the outcome; left out: all.'),
  signal: signalSchema.optional().describe('Left out: any signal will do.'),
  connect: bounds.optional().describe('On the median time that connect() took, in seconds.'),
  firstByte: bounds
    .exactOptional()
    .describe('On the median time from the opening to the first byte of the reply, in seconds.'),
  mix: z
    .record(text, bounds)
    .exactOptional()
    .describe('Outcome -> bounds on the number of connections that have it.'),
  realservers: z
    .record(text, ofSome)
    .exactOptional()
    .describe('Node that serves -> what is expected of the connections that it served.'),
  later: ofSome
    .exactOptional()
    .describe('What is expected of the connections that were opened later; all else is then of the others.'),
  sockets: z
    .record(text, z.record(text, bounds))
    .exactOptional()
    .describe('Node -> TCP state as `ss` spells it -> bounds on its sockets at the end.'),
  /** What the raw-socket load must show; left out: all flows, if there are any, must have the outcome too. */
  flows: flows.optional(),
  blame: blame.optional().describe('What an explanation must blame; left out: anything.'),
});

/** What is expected of some of the connections: those that one node served, or those that were opened later. */
export type ExpectedOfSome = Immutable<z.infer<typeof ofSome>>;

/** What an explanation must blame. */
export type ExpectedBlame = Immutable<z.infer<typeof blame>>;

export type Expectation = Immutable<z.infer<typeof expectationSchema>>;

/** What the run expected, as plan.json says it: the scenario's file may have changed since. */
export const recordedExpectationSchema = z.object({ expect: expectationSchema });
export type RecordedExpectation = Immutable<z.infer<typeof recordedExpectationSchema>>;
/** How the packet filter showed itself. */
export type Signal = Immutable<z.infer<typeof signalSchema>>;
/** Lower and upper bound; undefined: no bound on that side. */
export type Bounds = Immutable<z.infer<typeof bounds>>;
/** What the raw-socket load must show; whatever is left out may be anything. */
export type FlowExpectation = Immutable<z.infer<typeof flows>>;
