import { connectMethods, portSources, closers, closeMethods } from '../../contracts/words/connections.js';
import { z } from 'zod';

/**
 * What a phase's connections were to do, as plan.json has it. The shapes are those of a scenario's load and of raw-socket
 * conversations (src/scenario), of which evidence knows nothing else.
 */

const load = z.object({
  connections: z.number().int().positive(),
  every: z.number(),
  requests: z.number().int().positive(),
  upload: z.number(),
  download: z.number(),
  rate: z.number(),
  idle: z.number(),
  connect: z.enum(connectMethods),
  ports: z.enum(portSources),
  reopen: z.boolean(),
  close: z.object({
    first: z.enum(closers),
    how: z.enum(closeMethods),
    after: z.number(),
  }),
});

const step = z.discriminatedUnion('do', [
  z.object({ do: z.literal('open') }),
  z.object({
    do: z.literal('send'),
    then: z.enum(['close', 'keep']),
    upload: z.number(),
    download: z.number(),
    rate: z.number(),
  }),
  z.object({ do: z.literal('expect'), what: z.enum(['reply', 'fin', 'acked']) }),
  z.object({ do: z.literal('wait'), seconds: z.number() }),
  z.object({
    do: z.literal('close'),
    how: z.enum(['fin', 'rst', 'half']),
    ack: z.enum(['apart', 'riding']),
  }),
  z.object({ do: z.literal('reopen') }),
  z.object({ do: z.literal('hold') }),
]);

const mix = z.array(z.object({ conversation: z.object({ name: z.string(), steps: z.array(step) }) }));

/** Read parts of plan.json: of the kernel sockets' load, and of the conversations of raw sockets. */
export const askedLoad = load;
export const askedMix = mix;

export type AskedLoad = Readonly<z.infer<typeof load>>;
export type AskedStep = Readonly<z.infer<typeof step>>;

export interface AskedConversation {
  readonly name: string;
  readonly steps: readonly AskedStep[];
}

/** What the connections of a phase were to do. */
export interface Asked {
  readonly load: AskedLoad;
  /** What each flow does, one of these; empty where there is no raw-socket load. */
  readonly conversations: readonly AskedConversation[];
}
