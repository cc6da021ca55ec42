import * as z from 'zod/mini';
import type { Immutable } from '../immutable.js';

const port = z.int().check(z.minimum(0), z.maximum(65_535));

const address = z.union([z.ipv4(), z.ipv6()]);

/** A packet to send through rules; both addresses are of one family. */
const probeSchema = z.strictObject({
  source: address,
  sourcePort: port,
  destination: address,
  destinationPort: port,
  /** `too-big`: the ICMP message that a packet of the flow was too big for the path. */
  is: z.union([
    z.strictObject({ protocol: z.literal('tcp'), flags: z.int(), hasData: z.boolean() }),
    z.strictObject({ protocol: z.literal('udp') }),
    z.strictObject({ protocol: z.literal('too-big'), of: z.enum(['tcp', 'udp']) }),
  ]),
  /** The interface by which it comes in. */
  comesIn: z.string(),
});

/** What a probe is sent to: there IPVS would take it. */
const serviceSchema = z.strictObject({
  address,
  port,
  protocol: z.enum(['tcp', 'udp']),
  fwmark: z.optional(z.int()),
});

/** The first line of what the namespace's program reads: what is the same for all rules. */
export const probeOrderSchema = z.strictObject({
  interfaces: z.array(z.string().check(z.regex(/^[\w.:@-]{1,15}$/))).check(z.minLength(1)),
  services: z.array(serviceSchema),
  probes: z.array(probeSchema),
  /** net.netfilter.nf_conntrack_tcp_loose. */
  loose: z.boolean(),
});

/** Each further line: rules, which are loaded alone, in this order. */
export const probedRulesSchema = z.strictObject({
  texts: z.array(
    z.strictObject({ tool: z.enum(['ipset', 'iptables', 'ip6tables', 'nft']), text: z.string() }),
  ),
});

/** What the program prints for each of them: whether each probe got as far as IPVS would take it, or why the rules were not taken. */
export const probeAnswerSchema = z.union([
  z.strictObject({ passed: z.array(z.boolean()) }),
  z.strictObject({ refused: z.string() }),
]);

export type RuleProbe = Immutable<z.infer<typeof probeSchema>>;
export type ProbeOrder = Immutable<z.infer<typeof probeOrderSchema>>;
export type ProbedRules = Immutable<z.infer<typeof probedRulesSchema>>;
export type ProbeAnswer = Immutable<z.infer<typeof probeAnswerSchema>>;
