import type { NodeEvidence, RuleCount } from '../evidence/types.js';

const rejects = /^-A .*-j (?:REJECT|DROP)\b/;
const policyDrops = /^-P \S+ DROP$/;

/** The node's rules and policies that reject or drop what reaches them. */
export function rejectingRules(node: NodeEvidence): RuleCount[] {
  return node.rules.filter(({ rule }) => rejects.test(rule) || policyDrops.test(rule));
}

/**
 * How many packets the node's rules, policies and conntrack turned away; undefined when that cannot be known: iptables-nft does not
 * count for a policy of DROP.
 */
export function rejectedPackets(node: NodeEvidence): number | undefined {
  const rules = rejectingRules(node);
  if (rules.some(({ rule, packets }) => policyDrops.test(rule) && packets === 0)) return undefined;
  const byRules = rules.reduce((sum, { packets }) => sum + packets, 0);
  return byRules + (node.conntrack?.['drop'] ?? 0);
}
