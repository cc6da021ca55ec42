import * as z from 'zod/mini';
import type { Immutable } from '../immutable.js';
import { closeMethods } from '../words/connections.js';
import { whole } from './numbers.js';

/** What the blocking client prints of its connection: each line has some of these members, as the report of the connection has them. */
export const observationsSchema = z.partial(
  z.object({
    localAddress: z.string(),
    localPort: whole,
    openedAt: z.number(),
    connectSeconds: z.number(),
    firstByteSeconds: z.number(),
    connected: z.boolean(),
    bytesSent: whole,
    bytesReceived: whole,
    httpStatus: whole,
    complete: z.boolean(),
    serverClosed: z.boolean(),
    clientClosed: z.enum(closeMethods),
    /** The name of an errno, and the call that failed with it. */
    error: z.string(),
    syscall: z.string(),
  }),
);

/** What is known of a blocking client's connection so far. */
export type Observations = Immutable<z.infer<typeof observationsSchema>>;
