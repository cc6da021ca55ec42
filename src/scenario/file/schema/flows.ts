import { type Flows, usualRetries } from '../../../contracts/agents/flowProfile.js';
import * as z from 'zod';
import { portsPerSource } from '../../model/flowPorts.js';
import { conversationKeySchema } from './conversation.js';
import { duration } from './values/seconds.js';

const mostFlows = 1_000_000;
const mostFlowsPerSecond = 100_000;
const mostSources = 64;
const mostRetries = 15;
const mostConversations = 20;
const largestSeed = 0xffff_ffff;
const largestWeight = 1000;

const retries = (what: string, fallback: number) =>
  z
    .number()
    .int()
    .min(0)
    .max(mostRetries)
    .prefault(fallback)
    .describe(
      `Most retransmissions of ${what}, with the timers of Linux, 0 to ${mostRetries}; 0: it is sent once.`,
    );

const retriesSchema = z.strictObject({
  open: retries('a SYN', usualRetries.open),
  data: retries('data', usualRetries.data),
  close: retries('a FIN', usualRetries.close),
});

const share = z.strictObject({
  weight: z
    .number()
    .int()
    .min(1)
    .max(largestWeight)
    .prefault(1)
    .describe(`How often, in proportion to the other weights, 1 to ${largestWeight}.`),
  conversation: conversationKeySchema.describe('A built-in conversation by its name, or a list of steps.'),
});

/** Keys of the `flows` section. */
export const flowsShape = {
  count: z
    .number()
    .int()
    .min(1)
    .max(mostFlows)
    .describe(
      `How many conversations, 1 to ${mostFlows}, and at most ${portsPerSource} for each of the \`sources\`.`,
    ),
  rate: z
    .number()
    .int()
    .min(1)
    .max(mostFlowsPerSecond)
    .describe(`How many are opened a second, 1 to ${mostFlowsPerSecond}.`),
  ramp: duration({ zero: true })
    .prefault('0s')
    .describe('Time in which the rate grows from nothing. `0s`: at once.'),
  concurrency: z
    .number()
    .int()
    .min(1)
    .max(mostFlows)
    .prefault(1000)
    .describe('Most conversations that may be between their SYN and their closing segment at a time.'),
  sources: z
    .number()
    .int()
    .min(1)
    .max(mostSources)
    .prefault(16)
    .describe(
      `Addresses that they come from, 1 to ${mostSources}; nobody else in the client's subnet has them.`,
    ),
  seed: z
    .number()
    .int()
    .min(0)
    .max(largestSeed)
    .prefault(1)
    .describe('Decides sequence numbers and the order of the mix; the same one gives the same packets.'),
  retries: retriesSchema.prefault({}).describe('How often a segment that nobody answers is sent again.'),
  conversation: conversationKeySchema
    .optional()
    .describe(
      'What each of them does: a built-in conversation by its name, or a list of steps. This or `mix`; neither beside `load.datagrams`, for flows of UDP do what its clients do.',
    ),
  mix: z
    .array(share)
    .min(1)
    .max(mostConversations)
    .optional()
    .describe(`Several conversations by weight, 1 to ${mostConversations}. This or \`conversation\`.`),
} satisfies Record<Exclude<keyof Flows, 'datagrams'> | 'conversation', z.ZodType>;

/** The `flows` section. */
export const flowsSchema = z
  .strictObject(flowsShape)
  .superRefine(({ count, sources, conversation, mix }, context) => {
    // A misspelt key has been reported as what it is.
    if (context.issues.length > 0) return;
    const most = sources * portsPerSource;
    if (count > most) {
      const message = `expected at most ${most}, which is ${portsPerSource} for each of the \`sources\`, found \`${count}\``;
      context.addIssue({ code: 'custom', path: ['count'], message });
    }
    if (conversation !== undefined && mix !== undefined) {
      const message = 'expected `conversation` or `mix`, found both';
      context.addIssue({ code: 'custom', message, params: { at: 'key' } });
    }
  });
