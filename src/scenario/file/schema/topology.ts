import { families, forwardings, layouts, replyWays } from '../../../contracts/words/network.js';
import * as z from 'zod';
import { topologyProblems } from '../checks/topology.js';
import { isUsableForHosts, parseSubnet } from '../../network/ipv4.js';
import { pool } from '../../network/pool.js';
import { mostVips } from '../../model/virtualServices.js';
import { servicesSchema } from './services.js';
import { duration, wholeSeconds } from './values/seconds.js';

const cidrExpected = 'expected an IPv4 network such as `198.18.7.0/24`';
const addressExpected = 'expected an address such as `198.18.7.10` or `2001:db8::10`';

const subnet = z
  .cidrv4({ error: cidrExpected })
  .superRefine((text, context) => {
    const parsed = parseSubnet(text);
    const problem = parsed === undefined ? undefined : subnetProblem(text, parsed);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  })
  .optional()
  .describe(
    `IPv4 network of the servers, in CIDR notation, /8 to /28; IPv6 addresses follow from it. Left out, each run takes a free /24 from ${pool.cidr} (RFC 2544).`,
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

const address = z.union([z.ipv4({ error: addressExpected }), z.ipv6({ error: addressExpected })]);

const timeout = (what: string) => wholeSeconds().optional().describe(`Entries ${what}, in whole seconds.`);
const deviceExpected =
  'expected the name of an interface such as `bond0` or `bond0.100`, 15 characters at most, and not `lo`, `all`, `default` or a name of the lab';

/** A name that the kernel takes for an interface and that nothing in a node has already. */
const device = z
  .string({ error: deviceExpected })
  .regex(/^(?!(?:lo|all|default|none|tunl0|ip6tnl0|not-here)$)[A-Za-z][\w.@-]{0,14}$/, {
    error: deviceExpected,
  });

/** A director's two, where it has one for each side; both may be one. */
const sides = z.strictObject({
  clients: device.describe('By which clients come in.'),
  realservers: device.describe('Behind which the realservers are.'),
});

const devices = z
  .record(
    z.string(),
    z.union([device.transform((name) => [name]), z.array(device).min(1).max(2), sides], {
      error: deviceExpected,
    }),
  )
  .prefault({})
  .describe(
    "Names of interfaces in place of `eth0`, by role or node: `{ director: bond0.100, realserver2: ens3 }`. A router has two: `[wan0, lan0]`. Directors may have two, beside `eth0`: `{ director: { clients: bond0, realservers: bond1.12 } }`. Only the name is a bond's or a VLAN's: packets are not tagged.",
  );

const link = z.strictObject({
  delay: duration({ zero: true }).prefault('0s').describe('How much later each packet leaves.'),
  loss: z.number().min(0).max(100).prefault(0).describe('Percent of packets that never leave.'),
});

/** Keys of the `topology` section. */
export const topologyShape = {
  forwarding: z
    .enum(forwardings)
    .prefault('dr')
    .describe(
      'How IPVS hands packets to realservers: `dr`, direct routing; `tun`, in an IP tunnel; `nat`, masquerading.',
    ),
  family: z.enum(families).prefault('ipv4').describe("The service's address family."),
  network: z
    .enum(layouts)
    .optional()
    .describe(
      '`flat`: all nodes on one network. `routed`: the client on a network of its own behind a router. Left out: `flat`, and `routed` with `forwarding: nat`, which needs it.',
    ),
  directors: z
    .literal([1, 2])
    .prefault(1)
    .describe('2: another one, `director2`, is configured alike and waits without the VIP.'),
  sync: z
    .boolean()
    .prefault(false)
    .describe('Whether director tells director2 about connections (`ipvsadm --start-daemon`).'),
  // Nothing is made of a number that is out of bounds: what follows makes a list of so many.
  realservers: z
    .number()
    .int()
    .min(1, { abort: true })
    .max(8, { abort: true })
    .prefault(2)
    .describe('How many realservers, 1 to 8.'),
  'local-realserver': z
    .boolean()
    .prefault(false)
    .describe('Whether the director serves too, as one more realserver (IPVS local node).'),
  replies: z
    .enum(replyWays)
    .prefault('direct')
    .describe(
      "The realservers' replies go `direct` to the client, or through the `director`, which is then their default route. With `forwarding: nat` they always go through it.",
    ),
  services: servicesSchema,
  'ipvs-timeouts': z
    .strictObject({
      tcp: timeout('of TCP connections'),
      'tcp-fin': timeout('of TCP connections after a FIN'),
      udp: timeout('of UDP flows'),
    })
    .optional()
    .describe(
      "How long the directors' IPVS keeps entries (`ipvsadm --set`) in the measured run, set behind the rules. Left out: as the kernel does, 900s, 120s and 300s.",
    ),
  devices,
  links: z
    .record(z.string(), link)
    .prefault({})
    .describe(
      "Delay and loss (tc netem) on what a node sends, by node name, on each of the node's interfaces.",
    ),
  subnet,
  vip: address
    .optional()
    .describe(
      'The virtual IP: one of the `subnet`, or without that any of the family. Left out, it is chosen from the subnet.',
    ),
  vips: z
    .number()
    .int()
    .min(1, { abort: true })
    .max(mostVips, { abort: true })
    .optional()
    .describe(
      `How many virtual IPs, 1 to ${mostVips}: \`\${VIP}\`, \`\${VIP2}\` and so on; \`addresses\` may fix the others as \`vip2\` ... Left out: 1.`,
    ),
  addresses: z
    .record(z.string(), address)
    .prefault({})
    .describe(
      'Fixed addresses by node name (client, director, realserver1 ...), and of further VIPs (vip2 ...): of the `subnet`, or without that any of the family, which the nodes have beside their own.',
    ),
};

/** The `topology` section. Its cross-checks run even when single fields are wrong, so that all problems show at once. */
export const topologySchema = z.strictObject(topologyShape).superRefine(
  (topology, context) => {
    for (const { path, at, line, message } of topologyProblems(topology)) {
      context.addIssue({ code: 'custom', path: [...path], message, params: { at, line } });
    }
  },
  { when: () => true },
);
