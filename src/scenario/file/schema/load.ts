import {
  connectionEnds,
  closeMethods,
  connectMethods,
  portSources,
} from '../../../contracts/words/connections.js';
import { closeContradictions, rateContradictions } from '../../../contracts/agents/loadContradictions.js';
import type { Load } from '../../../contracts/agents/load.js';
import * as z from 'zod';
import { byteSize } from './values/byteSize.js';
import { duration, wholeSeconds } from './values/duration.js';

const mostConnections = 1000;
const mostRequests = 100;
const mostUses = 20;

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
      "Silence between the complete reply and the client's close (`close.first: client`), or before the last request (`close.first: server`).",
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
  close: closeSchema.describe('How each connection ends.'),
} satisfies Record<keyof Load, z.ZodType>;

/** The `load` section. */
export const loadSectionSchema = z.strictObject(loadShape).superRefine((load, context) => {
  for (const { path, at, message } of rateContradictions(load))
    context.addIssue({ code: 'custom', path: [...path], message, params: { at } });
});
