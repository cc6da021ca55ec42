import * as z from 'zod';
import { forwardings, protocols } from '../../../contracts/words/network.js';
import { schedulerFlags, schedulers } from '../../model/schedulers.js';
import { mostVips } from '../../model/virtualServices.js';
import { fileText } from './rules.js';
import { wholeSeconds } from './values/seconds.js';

const largestMark = 0x7fffffff;
const largestWeight = 65_535;
const rangeExpected = 'expected a port, or a range such as `8000-8010`';

const port = () => z.number().int().min(1).max(65_535);

/** One port, or the first and the last of a range. */
const ports = z
  .union([port(), z.string().regex(/^[1-9]\d{0,4}-[1-9]\d{0,4}$/, { error: rangeExpected })], {
    error: rangeExpected,
  })
  .transform((written, context) => {
    const [first = 0, last = first] =
      typeof written === 'number' ? [written] : written.split('-').map(Number);
    if (last <= 65_535 && (first < last || typeof written === 'number')) return { first, last };
    context.addIssue({
      code: 'custom',
      message: `expected a range that goes up, of ports up to 65535, found \`${written}\``,
    });
    return z.NEVER;
  });

const destination = z.strictObject({
  weight: z
    .number()
    .int()
    .min(0)
    .max(largestWeight)
    .optional()
    .describe('Its weight (`ipvsadm -w`); 0: it gets no new connections. Left out: 1.'),
  forwarding: z
    .enum(forwardings)
    .optional()
    .describe('How packets are handed to it. Left out: as `topology.forwarding` says.'),
  port: port()
    .optional()
    .describe("The port that packets come to it by; another than the service's only by `nat`."),
});

const netmaskExpected = "expected a netmask such as `255.255.255.0`, or with IPv6 a prefix's length";

const service = z.strictObject({
  port: ports.describe(
    'Port, on VIP and realservers; or a range such as `8000-8010`, which needs `fwmark`: clients then connect to the first and the last.',
  ),
  scheduler: z
    .enum(schedulers)
    .prefault('rr')
    .describe('IPVS scheduler, by the name that `ipvsadm -s` takes.'),
  persistent: wholeSeconds()
    .optional()
    .describe(
      'Persistence: for this long a client comes back to its realserver (`ipvsadm -p`), in whole seconds.',
    ),
  fwmark: z
    .number()
    .int()
    .min(1)
    .max(largestMark)
    .optional()
    .describe(
      'Marked so in mangle PREROUTING and balanced by the mark (`ipvsadm -f`); services with one mark are one service.',
    ),
  protocol: z
    .enum(protocols)
    .optional()
    .describe('`tcp`, or `udp`, whose clients are those of `load.datagrams`. Left out: tcp.'),
  'one-packet': z
    .boolean()
    .optional()
    .describe('Whether each datagram is scheduled by itself (`ipvsadm -o`). Only with `protocol: udp`.'),
  vip: z
    .number()
    .int()
    .min(1)
    .max(mostVips)
    .optional()
    .describe('Which of the VIPs it has, of `topology.vips`. Left out: the first.'),
  'realserver-port': port()
    .optional()
    .describe('The port on its realservers; another than its own only by `nat`. Left out: its own.'),
  'scheduler-flags': z
    .array(z.enum(schedulerFlags))
    .min(1)
    .optional()
    .describe(
      'Flags of the scheduler (`ipvsadm -b`): `sh-port` and `mh-port` hash the port too, `sh-fallback` and `mh-fallback` take another realserver in place of one of weight 0.',
    ),
  'persistence-netmask': z
    .union([z.ipv4({ error: netmaskExpected }), z.number().int().min(1).max(128).transform(String)], {
      error: netmaskExpected,
    })
    .optional()
    .describe(
      'Clients of one network go to one realserver (`ipvsadm -M`): a netmask, or with IPv6 the length of a prefix. Needs `persistent`.',
    ),
  'persistence-engine': z
    .enum(['sip'])
    .optional()
    .describe('By what persistence knows a client (`ipvsadm --pe`). Needs `persistent`.'),
  realservers: z
    .record(z.string(), destination)
    .refine((all) => Object.keys(all).length > 0, { error: 'expected a realserver by its name, found none' })
    .optional()
    .describe(
      'Its realservers by name, each with what is different with it: `{ realserver1: {}, realserver2: { weight: 0 } }`; `director` is the director itself, where it serves too. Left out: all.',
    ),
});

/** Services as a director's own tool saves them. */
const saved = z.strictObject({
  ipvsadm: fileText.describe(
    "What `ipvsadm -Sn` prints, or `{ file: PATH }` of a file that has it. Its addresses become the lab's: those that `vip` and `addresses` fix, then the others in their order. Forwarding and weights are the text's.",
  ),
  marks: z
    .record(
      z.string().regex(/^[1-9]\d*$/, { error: 'expected a firewall mark, a number above 0' }),
      z.union([ports.transform((one) => [one]), z.array(ports).min(1)], { error: rangeExpected }),
    )
    .optional()
    .describe(
      'The ports of the first VIP whose packets get each mark that the text has services for: `{ 1: [80, 443] }`.',
    ),
});

/** The `services` of a topology. */
export const servicesSchema = z
  .union([z.array(service).min(1).max(8), saved], {
    error: 'expected a list of services, or `{ ipvsadm: ... }`',
  })
  .prefault([{ port: 80 }])
  .describe(
    'The virtual services, 1 to 8; or what `ipvsadm -Sn` prints: `{ ipvsadm: { file: my.ipvsadm } }`.',
  );

/** The services as a file has them, after validation. */
export type FileServices = z.output<typeof servicesSchema>;
