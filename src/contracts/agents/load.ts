import * as z from 'zod/mini';
import type { Immutable } from '../immutable.js';
import {
  datagramKinds,
  closeMethods,
  connectionEnds,
  connectMethods,
  portSources,
} from '../words/connections.js';
import { atLeast0, positive, positiveWhole, thinkSeconds, whole } from './numbers.js';

/** The requests and replies on each connection. All but their number is about the last one. */
const pattern = {
  /** How many requests each connection makes, one after the other; only the last one ends it. 0: it is opened and closed. */
  requests: whole,
  /** Body bytes of the last request; 0: a GET without a body. */
  upload: whole,
  /** Body bytes of the last reply; 0: a short text of the server's. */
  download: whole,
  /** Bytes per second of upload and download; 0: as fast as possible. */
  rate: whole,
  /** Seconds of silence: after the complete reply when the client closes first, else before the last request. */
  idle: atLeast0,
  /** Seconds that the realserver takes before it answers the last request; left out: it answers as fast as it can. */
  think: z.optional(thinkSeconds),
  /** That the realserver never answers the last request; left out: it does. */
  reply: z.optional(z.literal(false)),
};

const datagrams = {
  as: z.enum(datagramKinds),
  /** Seconds from one request to the next: behind its reply with `dns`, behind the request itself with `quic`. */
  pause: atLeast0,
  /** Seconds that a client waits for a reply. */
  wait: positive,
};

const datagramsSchema = z.object(datagrams);

/** All that a client of UDP does: what `datagrams` says, with the requests and the silence of its load. */
export const datagramRequestsSchema = z.object({ ...datagrams, requests: positiveWhole, idle: atLeast0 });

/** How clients of UDP send. */
export type Datagrams = Immutable<z.infer<typeof datagramsSchema>>;

/** What each client of UDP does. */
export type DatagramRequests = Immutable<z.infer<typeof datagramRequestsSchema>>;

const later = z.object({
  connections: positiveWhole,
  /** Seconds from when all earlier ones are open, or have failed, to the first of them. */
  after: positive,
});

/** What each connection of kernel sockets does, in plan.json and in the load agent's order. */
export const loadSchema = z.object({
  connections: positiveWhole,
  /** Seconds between the openings of two connections; 0: they open in batches, as fast as is sensible. */
  every: atLeast0,
  /** More connections, which do the same and are opened later than the others; left out: none. */
  later: z.optional(later),
  ...pattern,
  connect: z.enum(connectMethods),
  ports: z.enum(portSources),
  /** Whether each connection, once it has ended for the client, is opened again from the same port, or how often; then the last one is judged. */
  reopen: z.union([z.boolean(), positiveWhole]),
  /** Seconds of silence after which the client's kernel asks whether the server is there (TCP keepalive), once a second from then on; left out: never. */
  keepalive: z.optional(positiveWhole),
  /** That the clients send datagrams of UDP, and how; left out: they make connections of TCP. */
  datagrams: z.optional(datagramsSchema),
  /** How many addresses of the client's connections come from, in turn: its own, and others of its network; left out: its own. */
  sources: z.optional(positiveWhole),
  /**
   * The node on which the program runs that makes the connections of all but the control run: the director or a realserver. Left out: the
   * client.
   */
  from: z.optional(z.string()),
  /** The services to connect to, in turn, as the file names them; left out: all. */
  to: z.optional(z.array(z.string())),
  close: z.object({
    first: z.enum(connectionEnds),
    how: z.enum(closeMethods),
    /** Seconds from the server's FIN to the client's own close, when the server closes first. */
    after: atLeast0,
  }),
});

/** What the client does with kernel sockets in each phase. */
export type Load = Immutable<z.infer<typeof loadSchema>>;

/** What each client of a load of UDP does; undefined: the load is of TCP. */
export function datagramRequestsOf({ datagrams, requests, idle }: Load): DatagramRequests | undefined {
  return datagrams && { ...datagrams, requests, idle };
}

/** How many connections a load makes in all. */
export function connectionsInAll({ connections, later }: Pick<Load, 'connections' | 'later'>): number {
  return connections + (later?.connections ?? 0);
}

/** How often each connection is opened again from its port. */
export function timesReopened({ reopen }: Pick<Load, 'reopen'>): number {
  return Number(reopen);
}

/**
 * Whether the client's end is to leave right behind its last request, with nothing of the server's and no silence between: then the FIN rides on the last
 * data that still waits to be sent.
 */
export function closesBehindRequest({
  reply,
  idle,
  close: { how },
}: Pick<Load, 'reply' | 'idle' | 'close'>): boolean {
  return how === 'half-close' || (reply === false && idle === 0 && how === 'fin');
}

/** The requests and replies on each of its connections. */
export type LoadPattern = Pick<Load, keyof typeof pattern>;
