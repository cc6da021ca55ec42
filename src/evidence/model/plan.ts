import { z } from 'zod';
import { conversationSchema } from '../../contracts/agents/conversation.js';
import { loadSchema } from '../../contracts/agents/load.js';
import type { Immutable } from '../../contracts/immutable.js';
import { forwardings } from '../../contracts/words/network.js';

/** What is needed of what the raw load agent was told. */
const flows = z.object({
  sources: z.array(z.string()),
  flows: z.object({
    count: z.number().positive(),
    rate: z.number().positive(),
    ramp: z.number(),
    mix: z.array(z.object({ conversation: conversationSchema })),
  }),
});

/** What is read back of plan.json, which has more: commands, for people. */
export const planSchema = z.object({
  scenario: z.string(),
  /** Left out: recorded by a version that did not look. */
  unmatched: z.array(z.string()).optional(),
  vip: z.string(),
  ports: z.array(z.number().int()).min(1),
  servers: z.array(z.string()).min(1),
  serving: z.array(z.string()).min(1),
  forwarding: z.enum(forwardings),
  nodes: z.array(z.object({ name: z.string(), capture: z.unknown().optional() })),
  /** Left out: a plan of before it was there. */
  load: z.optional(loadSchema),
  /** Left out: there was no raw-socket load. */
  flows: z
    .object({
      way: z.array(z.object({ node: z.string(), device: z.string() })),
      profiles: z.object({ control: flows, measured: flows }),
    })
    .optional(),
});

export type RecordedPlan = Immutable<z.infer<typeof planSchema>>;
export type RecordedFlows = Immutable<z.infer<typeof flows>>;
