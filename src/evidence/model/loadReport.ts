import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import { closeMethods } from '../../contracts/words/connections.js';

const connection = z
  .object({
    localAddress: z.string(),
    /** 0: the kernel had none to give. */
    localPort: z.number().int(),
    /** The service's port. */
    port: z.number().int(),
    /** Seconds since the epoch. Where a port is used again, what was captured or sampled before is of an earlier connection. */
    openedAt: z.number(),
    /** False: time was up before the client's program had come to call connect(). Left out by clients that call it at once. */
    connectCalled: z.boolean().optional(),
    /** How long connect() took; undefined: it never succeeded. */
    connectSeconds: z.number().optional(),
    /** How much of that the client waited for its port, which another connection still had. Undefined: the client does not tell. */
    portWaitSeconds: z.number().optional(),
    /** From the opening to the first byte of the (last) reply. */
    firstByteSeconds: z.number().optional(),
    /** True when connect() succeeded. */
    connected: z.boolean(),
    bytesSent: z.number(),
    bytesReceived: z.number(),
    /** HTTP status of the reply; undefined when no complete status line came. */
    httpStatus: z.number().int().optional(),
    /** True when all of the reply's body came, by its Content-Length. */
    complete: z.boolean(),
    /** True when the client read the server's end of file. */
    serverClosed: z.boolean(),
    /** What the client did to close, and did so. */
    clientClosed: z.enum(closeMethods).optional(),
    /** errno name of the first error, e.g. ECONNREFUSED, EHOSTUNREACH. */
    error: z.string().optional(),
  })
  // JSON leaves undefined members out; the shape that the program works with has them always.
  .transform(({ connectSeconds, firstByteSeconds, httpStatus, clientClosed, error, ...rest }) => ({
    ...rest,
    connectSeconds,
    firstByteSeconds,
    httpStatus,
    clientClosed,
    error,
  }));

/** What load.json holds: the report of the client's load agent. */
export const loadReportSchema = z.object({
  agent: z.string(),
  /** True: connect() was non-blocking, so soft ICMP errors may show that a blocking connect hides. */
  nonBlockingConnect: z.boolean(),
  requested: z.number().int(),
  startedAt: z.number(),
  finishedAt: z.number(),
  connections: z.array(connection),
});

export type LoadReport = Immutable<z.infer<typeof loadReportSchema>>;
/** What the client's application saw of one connection. */
export type ClientConnection = Immutable<z.infer<typeof connection>>;
