import { closeMethods } from '../../contracts/words/connections.js';
import { starts } from '../../contracts/words/phases.js';
import { forwardings } from '../../contracts/words/network.js';
import { roles } from '../../contracts/words/nodes.js';
import { z } from 'zod';
import { askedLoad, askedMix, type AskedConversation, type AskedLoad } from '../model/asked.js';
import type { FlowEvidence } from '../model/flowTypes.js';
import { readShape } from '../text/readShape.js';
import type { LoadReport, PhaseEvidence } from '../model/types.js';

/** What the evidence needs of plan.json. */
export interface RecordedPlan extends Pick<
  PhaseEvidence,
  'vip' | 'ports' | 'servers' | 'serving' | 'forwarding'
> {
  readonly scenario: string;
  /** Undefined: recorded by a version that did not look. */
  readonly unmatched?: readonly string[] | undefined;
  readonly nodes: readonly { readonly name: string; readonly capture?: unknown }[];
  /** Undefined: a plan of before it was there. */
  readonly load?: AskedLoad | undefined;
  /** Undefined: there was no raw-socket load. */
  readonly flows?:
    | {
        readonly way: FlowEvidence['way'];
        readonly profiles: Readonly<Record<PhaseEvidence['phase'], RecordedFlows>>;
      }
    | undefined;
}

/** What it needs of what the raw load agent was told. */
export interface RecordedFlows {
  readonly sources: readonly string[];
  readonly flows: FlowEvidence['asked'] & {
    readonly mix: readonly { readonly conversation: AskedConversation }[];
  };
}

const flows = z.object({
  sources: z.array(z.string()),
  flows: z.object({
    count: z.number().positive(),
    rate: z.number().positive(),
    ramp: z.number(),
    mix: askedMix,
  }),
});

const plan = z.object({
  scenario: z.string(),
  unmatched: z.array(z.string()).optional(),
  vip: z.string(),
  ports: z.array(z.number().int()).min(1),
  servers: z.array(z.string()).min(1),
  serving: z.array(z.string()).min(1),
  forwarding: z.enum(forwardings),
  nodes: z.array(z.object({ name: z.string(), capture: z.unknown().optional() })),
  load: askedLoad.optional(),
  flows: z
    .object({
      way: z.array(z.object({ node: z.string(), device: z.string() })),
      profiles: z.object({ control: flows, measured: flows }),
    })
    .optional(),
});

const nodes = z
  .array(
    z.object({
      name: z.string(),
      role: z.enum(roles),
      addresses: z.array(z.string()),
      macs: z.array(z.string().toLowerCase()),
    }),
  )
  .min(1);

/** One entry of nodes.json. */
export type RecordedNode = z.infer<typeof nodes>[number];

const phase = z.object({
  settled: z.boolean(),
  start: z
    .object({ is: z.enum(starts), known: z.record(z.string(), z.array(z.string())).optional() })
    .optional(),
});

/** What the evidence needs of phase.json. */
export type RecordedPhase = z.infer<typeof phase>;

const connection = z
  .object({
    localAddress: z.string(),
    localPort: z.number().int(),
    port: z.number().int(),
    openedAt: z.number(),
    connectCalled: z.boolean().optional(),
    connectSeconds: z.number().optional(),
    firstByteSeconds: z.number().optional(),
    connected: z.boolean(),
    bytesSent: z.number(),
    bytesReceived: z.number(),
    httpStatus: z.number().int().optional(),
    complete: z.boolean(),
    serverClosed: z.boolean(),
    clientClosed: z.enum(closeMethods).optional(),
    error: z.string().optional(),
  })
  // JSON leaves undefined members out; the shape the judge reads has them always.
  .transform(({ connectSeconds, firstByteSeconds, httpStatus, clientClosed, error, ...rest }) => ({
    ...rest,
    connectSeconds,
    firstByteSeconds,
    httpStatus,
    clientClosed,
    error,
  }));

const load = z.object({
  agent: z.string(),
  nonBlockingConnect: z.boolean(),
  requested: z.number().int(),
  startedAt: z.number(),
  finishedAt: z.number(),
  connections: z.array(connection),
});

/** Each of these reads one JSON file of a run directory; EvidenceError says which field is not as expected. */
export const readPlan = (text: string): RecordedPlan => readShape(plan, text);
export const readNodes = (text: string): RecordedNode[] => readShape(nodes, text);
export const readPhase = (text: string): RecordedPhase => readShape(phase, text);
/** The load agent's report, as it printed it. */
export const readLoadReport = (text: string): LoadReport => readShape(load, text);
