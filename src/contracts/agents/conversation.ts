import * as z from 'zod/mini';
import type { Immutable } from '../immutable.js';
import { afterReplies, awaitedThings, finAcks, flowCloses } from '../words/conversations.js';
import { atLeast0, thinkSeconds } from './numbers.js';

const step = z.discriminatedUnion('do', [
  z.object({ do: z.literal('open') }),
  z.object({
    do: z.literal('send'),
    then: z.enum(afterReplies),
    /** Body bytes of the request; 0: a GET without a body. */
    upload: atLeast0,
    /** Body bytes of the reply; 0: a short text of the server's. */
    download: atLeast0,
    /** Bytes per second of the upload or download; 0: as fast as possible. */
    rate: atLeast0,
    /** Seconds that the server takes before it answers; left out: it answers as fast as it can. */
    think: z.optional(thinkSeconds),
    /** That the server never answers; left out: it does. Whatever `then` says, it closes when the client has. */
    reply: z.optional(z.literal(false)),
  }),
  z.object({ do: z.literal('expect'), what: z.enum(awaitedThings) }),
  z.object({ do: z.literal('wait'), seconds: atLeast0 }),
  z.object({ do: z.literal('close'), how: z.enum(flowCloses), ack: z.enum(finAcks) }),
  /** Starts again with a SYN from the same port, as soon as the steps before are over for the client; an `open` step is not needed. */
  z.object({ do: z.literal('reopen') }),
  /** Does nothing more until the load is over: the connection stays as it is. */
  z.object({ do: z.literal('hold') }),
]);

/** What a flow does, step by step, in plan.json and in the raw load agent's order. */
export const conversationSchema = z.object({
  /**
   * The name in reports: that of a built-in conversation, `custom` (numbered where a mix has several), or `load` for the steps of the
   * kernel sockets' load.
   */
  name: z.string(),
  /** The steps in order; the first is `open`. */
  steps: z.array(step),
});

/**
 * One step of a raw-socket conversation. A step is over when what it asks for has happened; `send` and `close` are over as soon as
 * their first segment is sent, so that what follows may overlap with the acknowledgement.
 */
export type Step = Immutable<z.infer<typeof step>>;

/** The steps of a flow, and their name. */
export type Conversation = Immutable<z.infer<typeof conversationSchema>>;
