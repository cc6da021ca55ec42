import { z } from 'zod';
import { EvidenceError } from './error.js';
import type { LoadReport, PhaseEvidence } from './types.js';

/** What the evidence needs of plan.json. */
export interface RecordedPlan extends Pick<
  PhaseEvidence,
  'vip' | 'ports' | 'servers' | 'serving' | 'forwarding'
> {
  readonly scenario: string;
  readonly nodes: readonly { readonly name: string; readonly capture?: unknown }[];
}

const plan = z.object({
  scenario: z.string(),
  vip: z.string(),
  ports: z.array(z.number().int()).min(1),
  servers: z.array(z.string()).min(1),
  serving: z.array(z.string()).min(1),
  forwarding: z.enum(['dr', 'tun', 'nat']),
  nodes: z.array(z.object({ name: z.string(), capture: z.unknown().optional() })),
});

const nodes = z
  .array(
    z.object({
      name: z.string(),
      role: z.enum(['client', 'router', 'director', 'realserver']),
      addresses: z.array(z.string()),
      macs: z.array(z.string().toLowerCase()),
    }),
  )
  .min(1);

/** One entry of nodes.json. */
export type RecordedNode = z.infer<typeof nodes>[number];

const phase = z.object({ settled: z.boolean() });

const connection = z
  .object({
    localAddress: z.string(),
    localPort: z.number().int(),
    port: z.number().int(),
    openedAt: z.number(),
    connectSeconds: z.number().optional(),
    firstByteSeconds: z.number().optional(),
    connected: z.boolean(),
    bytesSent: z.number(),
    bytesReceived: z.number(),
    httpStatus: z.number().int().optional(),
    complete: z.boolean(),
    serverClosed: z.boolean(),
    clientClosed: z.enum(['fin', 'rst', 'half-close']).optional(),
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
export const readPlan = (text: string): RecordedPlan => read(plan, text);
export const readNodes = (text: string): RecordedNode[] => read(nodes, text);
export const readPhase = (text: string): { readonly settled: boolean } => read(phase, text);
/** The load agent's report, as it printed it. */
export const readLoadReport = (text: string): LoadReport => read(load, text);

function read<T>(schema: z.ZodType<T>, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EvidenceError(`Expected JSON, found ${JSON.stringify(text.slice(0, 40))}.`, { cause });
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? 'the top level' : issue.path.join('.');
    throw new EvidenceError(`Unexpected contents at ${where}: ${issue?.message ?? 'unknown'}.`);
  }
  return result.data;
}
