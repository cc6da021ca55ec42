import {
  datagramKinds,
  connectionEnds,
  closeMethods,
  connectMethods,
  portSources,
} from '../../../contracts/words/connections.js';
import {
  closeContradictions,
  datagramContradictions,
  rateContradictions,
} from '../../../contracts/agents/loadContradictions.js';
import type { Load } from '../../../contracts/agents/load.js';
import * as z from 'zod';
import { noReply, thinkTime } from './values/serverReplies.js';
import { byteSize } from './values/byteSize.js';
import { duration, wholeSeconds } from './values/seconds.js';

const mostConnections = 1000;
const mostRequests = 100;
const mostUses = 20;
const mostSources = 16;

const closeSchema = z
  .strictObject({
    first: z.enum(connectionEnds).describe('Which side closes first.'),
    how: z
      .enum(closeMethods)
      .prefault('fin')
      .describe(
        '`fin`: close(). `rst`: close() with SO_LINGER 0. `half-close`: shutdown(SHUT_WR) right behind the last request, whose reply the realserver keeps back for a second, then read to the end. The last two only with `first: client`.',
      ),
    after: duration({ zero: true })
      .prefault('0s')
      .describe(
        "Time that a busy client leaves between the realserver's FIN, which its kernel acknowledges, and its own close. Only with `first: server`; a client that closes first has `idle`.",
      ),
  })
  .superRefine((close, context) => {
    for (const { path, at, message } of closeContradictions(close))
      context.addIssue({ code: 'custom', path: [...path], message, params: { at } });
  });

const datagramsSchema = z.strictObject({
  as: z
    .enum(datagramKinds)
    .describe(
      '`dns`: asks, and waits for the answer before it asks again. `quic`: sends one datagram after the other, whatever comes back, and the realserver sends two of its own for each.',
    ),
  pause: duration({ zero: true })
    .prefault('0s')
    .describe('Time from a reply (`dns`) or a request (`quic`) to the next request.'),
  wait: duration().prefault('2s').describe('How long a client waits for a reply.'),
});

const laterSchema = z.strictObject({
  connections: z.number().int().min(1).max(mostConnections).describe(`How many, 1 to ${mostConnections}.`),
  after: duration().describe('Time from when all others are open, or have failed, to the first of them.'),
});

const serviceExpected = 'expected a service of `topology.services` such as `80` or `vip2:443`';

/** Keys of the `load` section. */
export const loadShape = {
  connections: z
    .number()
    .int()
    .min(1)
    .max(mostConnections)
    .prefault(10)
    .describe(`How many connections, 1 to ${mostConnections}.`),
  every: duration({ zero: true })
    .prefault('0s')
    .describe('Time between the openings of two connections. `0s`: as fast as is sensible.'),
  later: laterSchema
    .optional()
    .describe(
      'More connections, which do the same, and are opened so much later: behind an event, for one. `expect.later` says what is expected of them. Left out: none.',
    ),
  requests: z
    .number()
    .int()
    .min(0)
    .max(mostRequests)
    .prefault(1)
    .describe(
      `Requests on each connection, one after the other, 0 to ${mostRequests}; only the last one ends it. 0: it is opened, and closed by the client.`,
    ),
  upload: byteSize()
    .prefault(0)
    .describe('Body of the last request, in bytes or such as `64KiB` or `1MiB`. 0: a GET.'),
  download: byteSize()
    .prefault(0)
    .describe('Body of the last reply, in bytes or such as `64KiB` or `1MiB`. 0: a short text.'),
  rate: byteSize()
    .prefault(0)
    .describe('Bytes a second at which upload and download go, or such as `32KiB`. 0: as fast as they can.'),
  idle: duration({ zero: true })
    .prefault('0s')
    .describe(
      "Silence between the complete reply (with `reply: false`, the request) and the client's close (`close.first: client`), or before the last request (`close.first: server`).",
    ),
  think: thinkTime().describe(
    'Time that the realserver takes before it answers the last request, in whole seconds. Left out: none, but for the second that it leaves a client to half-close.',
  ),
  reply: noReply().describe(
    '`false`: the realserver reads all of the last request and never answers it, as a server of logs does, and closes when the client has. Only with `close: { first: client }`; `idle` is silence before that. Left out: it answers.',
  ),
  connect: z
    .enum(connectMethods)
    .prefault('non-blocking')
    .describe(
      'How connect() is called: a non-blocking one may report a soft ICMP error that a blocking one hides.',
    ),
  ports: z
    .enum(portSources)
    .prefault('own')
    .describe(
      'Local ports: `own` ones that no connection had before, or whatever the `kernel` picks from net.ipv4.ip_local_port_range.',
    ),
  sources: z
    .number()
    .int()
    .min(1)
    .max(mostSources)
    .optional()
    .describe(
      `Addresses that connections come from, in turn, 1 to ${mostSources}: the client's own, and others of its network, as several clients have them. Left out: its own.`,
    ),
  from: z
    .string()
    .optional()
    .describe(
      'The node on which the connections of the measured run are made: `director`, or a realserver such as `realserver1`. The control run has the same load from the client. Left out: the client.',
    ),
  to: z
    .array(z.union([z.number().int(), z.string()], { error: serviceExpected }).transform(String))
    .min(1)
    .optional()
    .describe(
      'The services to connect to, in turn, by what they have in `topology.services`: `80`, `vip2:443`, `8000-8010`. Left out: all.',
    ),
  reopen: z
    .union([z.boolean(), z.number().int().min(1).max(mostUses)], {
      error: `expected \`true\`, \`false\` or a number of times, 1 to ${mostUses}`,
    })
    .prefault(false)
    .describe(
      'Whether each connection, once over for the client, is opened again from the same port, or how many times; the last one is judged.',
    ),
  keepalive: wholeSeconds()
    .optional()
    .describe(
      'TCP keepalive: after this long without a packet the client asks whether the server is still there, once a second from then on. Left out: never.',
    ),
  datagrams: datagramsSchema
    .optional()
    .describe(
      'That clients send datagrams to services of UDP, each from a socket of its own, `requests` of them; `idle` is silence before the last one. Left out: they make connections of TCP.',
    ),
  close: closeSchema.optional().describe('How each connection ends. Clients of UDP have no such end.'),
} satisfies Record<keyof Load, z.ZodType>;

/** How clients of UDP end, as far as the agents are concerned. */
const noClose = { first: 'client', how: 'fin', after: 0 } as const;

/** The `load` section. */
export const loadSectionSchema = z
  .strictObject(loadShape)
  .superRefine((load, context) => {
    // Without its close a load must not meet checks between the sections, which know of none.
    const hasEnd = load.close !== undefined;
    if (!hasEnd && load.datagrams === undefined)
      context.addIssue({
        code: 'custom',
        path: ['close'],
        message: 'expected a map, found nothing',
        continue: false,
      });
    for (const { path, at, message } of [...rateContradictions(load), ...datagramContradictions(load)])
      context.addIssue({ code: 'custom', path: [...path], message, params: { at }, continue: hasEnd });
  })
  .transform(({ close = noClose, ...load }): Load => ({ ...load, close }));
