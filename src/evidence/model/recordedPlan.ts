import { z } from 'zod';
import { conversationSchema } from '../../contracts/agents/conversation.js';
import { datagramRequestsSchema, loadSchema } from '../../contracts/agents/load.js';
import type { Immutable } from '../../contracts/immutable.js';
import { forwardings } from '../../contracts/words/network.js';

/** The part of the raw load agent's orders that is needed again. */
const flows = z.object({
  sources: z.array(z.string()),
  flows: z.object({
    count: z.number().positive(),
    rate: z.number().positive(),
    ramp: z.number(),
    /** What each flow does of clients of UDP; left out: flows are of TCP. */
    datagrams: z.optional(datagramRequestsSchema),
    mix: z.array(z.object({ conversation: conversationSchema })),
  }),
});

/** The part of plan.json that is read again; it also has commands, for people. */
export const planSchema = z.object({
  scenario: z.string(),
  /** Names in the rules that the lab does not have; left out: recorded by a version that did not look. */
  unmatched: z.array(z.string()).optional(),
  vip: z.string(),
  ports: z.array(z.number().int()).min(1),
  /** Where connections go, in turn; left out: the ports of the VIP. */
  targets: z.array(z.object({ address: z.string(), port: z.number().int() })).optional(),
  servers: z.array(z.string()).min(1),
  serving: z.array(z.string()).min(1),
  forwarding: z.enum(forwardings),
  nodes: z.array(z.object({ name: z.string(), capture: z.unknown().optional() })),
  /** The load of kernel sockets; left out by plans of older versions. */
  load: z.optional(loadSchema),
  /** The raw-socket load; left out: there was none. */
  flows: z
    .object({
      way: z.array(z.object({ node: z.string(), device: z.string() })),
      profiles: z.object({ control: flows, measured: flows }),
    })
    .optional(),
});

export type RecordedPlan = Immutable<z.infer<typeof planSchema>>;
export type RecordedFlows = Immutable<z.infer<typeof flows>>;
