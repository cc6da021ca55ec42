import type { NodeEvidence, RuleCount } from '../evidence/types.js';

/** `-j REJECT` of iptables; `drop` and `reject` of nftables, also where a verdict map leads to them, but not as a chain's name. */
const iptablesRejects = /^-A .*-j (?:REJECT|DROP)\b/;
const nftRejects = /(?<!\b(?:jump|goto) )\b(?:drop|reject)\b/;
const policyDrops = /^-P \S+ DROP$/;
const verdictMap = /\bvmap\b/;

/** What counts packets that the kernel itself turned away, none of which a rule counted. */
const kernelDrops = ['TcpExtIPReversePathFilter', 'TcpOutRsts'] as const;
/** ICMP errors that the node sent; a rule that rejects counts the same packets. */
const errorsSent = ['IcmpOutDestUnreachs', 'Icmp6OutDestUnreachs'] as const;

/** The node's rules and policies that reject or drop what reaches them. */
export function rejectingRules(node: Pick<NodeEvidence, 'rules'>): RuleCount[] {
  return node.rules.filter(rejects);
}

/**
 * How many packets the node can account for having turned away: by rules and policies, for want of room in the conntrack table, by
 * the kernel's own checks, or answered with an error. Undefined when that cannot be known, because a rule does not count:
 * nftables' rules have no counter unless asked, and iptables-nft has none for a policy of DROP.
 */
export function turnedAway(node: NodeEvidence): number | undefined {
  let byRules = 0;
  for (const rule of rejectingRules(node)) {
    const packets = rejectedBy(rule);
    if (packets === undefined) return undefined;
    byRules += packets;
  }
  const count = (names: readonly string[]) =>
    names.reduce((sum, name) => sum + (node.counters[name] ?? 0), 0);
  return Math.max(byRules, count(errorsSent)) + (node.conntrack?.['drop'] ?? 0) + count(kernelDrops);
}

/** The same of several nodes together; undefined when one of them cannot tell. */
export function turnedAwayBy(nodes: readonly NodeEvidence[]): number | undefined {
  let all = 0;
  for (const node of nodes) {
    const packets = turnedAway(node);
    if (packets === undefined) return undefined;
    all += packets;
  }
  return all;
}

/** Whether a rejecting rule answers what it rejects with an ICMP error: all do that reject and do not reset. */
export function answersWithIcmp({ rule }: RuleCount): boolean {
  const words = withoutQuotes(rule);
  const rejects = isIptables(rule) ? /-j REJECT\b/ : /(?<!\b(?:jump|goto) )\breject\b/;
  return rejects.test(words) && !/\btcp[- ]reset\b/.test(words);
}

/** How many packets a rejecting rule turned away; undefined when it does not tell. */
export function rejectedBy({ rule, packets }: RuleCount): number | undefined {
  if (policyDrops.test(rule) && packets === 0) return undefined;
  // A verdict map's counter has what it accepted as well.
  return verdictMap.test(withoutQuotes(rule)) ? undefined : packets;
}

/** A rule as people would look it up: iptables' says where it stands, nftables' has its chain before it. */
export function formatRule({ family, table, chain, rule }: RuleCount): string {
  return isIptables(rule) ? rule : `${family} ${table} ${chain}: ${rule}`;
}

function rejects({ rule }: RuleCount): boolean {
  if (policyDrops.test(rule)) return true;
  return isIptables(rule) ? iptablesRejects.test(rule) : nftRejects.test(withoutQuotes(rule));
}

function isIptables(rule: string): boolean {
  return /^-[AP] /.test(rule);
}

function withoutQuotes(rule: string): string {
  return rule.replace(/"[^"]*"/g, '""');
}
