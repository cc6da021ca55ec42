import * as z from 'zod/mini';
import type { Immutable } from '../immutable.js';
import { closeMethods, closers, connectMethods, portSources } from '../words/connections.js';
import { atLeast0, positiveWhole, whole } from './numbers.js';

/** What each connection of kernel sockets is to do, as plan.json and the load agent's order have it. */
export const loadSchema = z.object({
  connections: positiveWhole,
  /** Seconds between the openings of two connections; 0: in batches, as fast as is sensible. */
  every: atLeast0,
  /** Requests on each connection, one after the other; only the last one ends it. */
  requests: positiveWhole,
  /** Body bytes of the (last) request; 0: a GET. */
  upload: whole,
  /** Body bytes of the (last) reply; 0: a short text. */
  download: whole,
  /** Bytes a second at which upload and download go; 0: as fast as they can. */
  rate: whole,
  /** Seconds of silence between the complete reply and the client's close (`close.first: client`), or before the last request. */
  idle: atLeast0,
  connect: z.enum(connectMethods),
  ports: z.enum(portSources),
  /** Whether each connection, once over for the client, is opened again from the same port; the second one is judged. */
  reopen: z.boolean(),
  close: z.object({
    first: z.enum(closers),
    how: z.enum(closeMethods),
    /** Seconds between the server's FIN and the client's own close, where the server closes first. */
    after: atLeast0,
  }),
});

/** What the client does with kernel sockets in each phase. */
export type Load = Immutable<z.infer<typeof loadSchema>>;
