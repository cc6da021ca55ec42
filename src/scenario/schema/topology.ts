import * as z from 'zod';
import { isUsableForHosts, parseSubnet } from '../ipv4.js';
import { schedulers } from '../schedulers.js';
import { topologyProblems } from '../topologyProblems.js';

const cidrExpected = 'expected an IPv4 network such as `198.18.7.0/24`';
const addressExpected = 'expected an IPv4 address such as `198.18.7.10`';

const subnet = z
  .cidrv4({ error: cidrExpected })
  .superRefine((text, context) => {
    const parsed = parseSubnet(text);
    const problem = parsed === undefined ? undefined : subnetProblem(text, parsed);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  })
  .describe(
    'IPv4 network of the lab, in CIDR notation, /8 to /28. Left out, each run takes a free /24 from 198.18.0.0/15 (RFC 2544).',
  );

function subnetProblem(
  text: string,
  parsed: NonNullable<ReturnType<typeof parseSubnet>>,
): string | undefined {
  if (parsed.prefix < 8 || parsed.prefix > 28)
    return `expected a prefix from /8 to /28, found \`/${parsed.prefix}\``;
  if (parsed.cidr !== text) return `expected the network address \`${parsed.cidr}\`, found \`${text}\``;
  if (!isUsableForHosts(parsed))
    return `expected a network that hosts can have addresses in, found \`${text}\``;
  return undefined;
}

const address = z.ipv4({ error: addressExpected });

/** The `topology` section. Its cross-checks run even when single fields are wrong, so that all problems show at once. */
export const topologySchema = z
  .strictObject({
    forwarding: z
      .enum(['dr'])
      .prefault('dr')
      .describe('How IPVS hands packets to realservers: `dr`, direct routing.'),
    realservers: z.number().int().min(1).max(8).prefault(2).describe('How many realservers, 1 to 8.'),
    scheduler: z
      .enum(schedulers)
      .prefault('rr')
      .describe('IPVS scheduler, by the name that `ipvsadm -s` takes.'),
    port: z
      .number()
      .int()
      .min(1)
      .max(65535)
      .prefault(80)
      .describe('TCP port of the service, on VIP and realservers.'),
    subnet: subnet.optional(),
    vip: address
      .optional()
      .describe('The virtual IP. Needs `subnet`. Left out, it is chosen from the subnet.'),
    addresses: z
      .record(z.string(), address)
      .prefault({})
      .describe('Fixed addresses by node name (client, director, realserver1 ...). Needs `subnet`.'),
  })
  .superRefine(
    (topology, context) => {
      for (const { path, at, message } of topologyProblems(topology)) {
        context.addIssue({ code: 'custom', path: [...path], message, params: { at } });
      }
    },
    { when: () => true },
  );
