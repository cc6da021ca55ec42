import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import { closeMethods } from '../../contracts/words/connections.js';

const datagramReply = z.object({
  /** The number of the request, from 1. */
  to: z.number().int(),
  /** The name of the realserver that it came from. */
  by: z.string(),
  /** When it came, in seconds since the epoch. */
  at: z.number(),
});

/** What came back to a client of UDP. */
const datagrams = z.object({
  asked: z.number().int(),
  /** How many of the requests were answered. */
  answered: z.number().int(),
  /** How many datagrams of its own a realserver was to send, and how many came. */
  wanted: z.number().int(),
  pushed: z.number().int(),
  replies: z.array(datagramReply),
});

const connection = z
  .object({
    localAddress: z.string(),
    /** The client's port; 0: the kernel had none to give. */
    localPort: z.number().int(),
    /** The port of the service. */
    port: z.number().int(),
    /** The address of the service; left out by older versions, in which there was one. */
    address: z.string().optional(),
    /**
     * When the client set out to connect, in seconds since the epoch. When a port is used again, packets and samples from before this
     * belong to an earlier connection.
     */
    openedAt: z.number(),
    /** False when time was up before the client's program called connect(). Left out by clients that call it at once. */
    connectCalled: z.boolean().optional(),
    /** Seconds that connect() took; undefined: it never succeeded. */
    connectSeconds: z.number().optional(),
    /** How many of those seconds the client waited for its port, which another connection still had. Undefined: the client does not tell. */
    portWaitSeconds: z.number().optional(),
    /** Seconds from the opening to the first byte of the last reply. */
    firstByteSeconds: z.number().optional(),
    /** Whether connect() succeeded. */
    connected: z.boolean(),
    bytesSent: z.number(),
    bytesReceived: z.number(),
    /** HTTP status of the reply; undefined when no complete status line came. */
    httpStatus: z.number().int().optional(),
    /** Whether the whole body of the reply arrived, by its Content-Length; of a request that is never answered, whether the kernel took all of it. */
    complete: z.boolean(),
    /** That the last request was one that is never answered. Left out: it was not. */
    unanswered: z.literal(true).optional(),
    /** Whether the client read the server's end of file. */
    serverClosed: z.boolean(),
    /** How the client closed, once it has done so. */
    clientClosed: z.enum(closeMethods).optional(),
    /** That it is one of those that the load was to open later. Left out: it is one of the others. */
    later: z.literal(true).optional(),
    /** Left out by connections of TCP. */
    datagrams: datagrams.optional(),
    /** The name of the first error's errno, such as ECONNREFUSED or EHOSTUNREACH. */
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

/** The contents of load.json: the report of the client's load agent. */
export const loadReportSchema = z.object({
  agent: z.string(),
  /** Whether connect() was non-blocking, so that soft ICMP errors may show that a blocking connect() hides. */
  nonBlockingConnect: z.boolean(),
  requested: z.number().int(),
  startedAt: z.number(),
  finishedAt: z.number(),
  connections: z.array(connection),
});

/** A reply to a client of UDP. */
export type DatagramReply = Immutable<z.infer<typeof datagramReply>>;
export type LoadReport = Immutable<z.infer<typeof loadReportSchema>>;
/** What the client's application saw of one connection. */
export type ClientConnection = Immutable<z.infer<typeof connection>>;
