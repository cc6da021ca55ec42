import * as z from 'zod/mini';
import type { Immutable } from '../immutable.js';
import { closeMethods, connectionEnds } from '../words/connections.js';
import { whole } from './numbers.js';

/** The order to make one connection, as the load agent gives it to a blocking client: one line of JSON on standard input. */
export const blockingOrderSchema = z.strictObject({
  /** Address of the service. */
  host: z.string(),
  port: whole,
  /** Address to bind to, where `localPort` is given. */
  source: z.string(),
  /** Port to bind to; 0: connect() picks address and port. */
  localPort: whole,
  /** Who closes first, and how the client does. */
  first: z.enum(connectionEnds),
  how: z.enum(closeMethods),
  /** Of the request: its head, and the bytes of its body. */
  head: z.string(),
  bodyBytes: whole,
});

export type BlockingOrder = Immutable<z.infer<typeof blockingOrderSchema>>;
