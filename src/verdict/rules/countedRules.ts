import type { NodeEvidence } from '../../evidence/model/evidence.js';
import type { RuleCount } from '../../evidence/model/ruleCount.js';
import { effectOf, isIptables } from './ruleEffect.js';

/** What counts packets that the kernel itself turned away, none of which a rule counted. */
const kernelDrops = ['TcpExtIPReversePathFilter', 'IpInAddrErrors', 'TcpOutRsts'] as const;
/** ICMP errors that the node sent; a rule that rejects counts the same packets. */
const errorsSent = ['IcmpOutDestUnreachs', 'Icmp6OutDestUnreachs'] as const;

/** The node's rules and policies that reject or drop what reaches them. */
export function rejectingRules(node: Pick<NodeEvidence, 'rules'>): RuleCount[] {
  return node.rules.filter((rule) => effectOf(rule).turnsAway);
}

/**
 * The node's rules that give packets another way before IPVS, or the kernel's TCP, can see them: translation of the destination, transparent
 * proxies, queues to programs. A nat rule counts connections, not packets.
 */
export function divertingRules(node: Pick<NodeEvidence, 'rules'>): RuleCount[] {
  return node.rules.filter((rule) => effectOf(rule).takes);
}

/** Rules that may turn packets away, or take them, and do not tell how many: nftables' rules have no counter unless asked, nor have its policies, whose 0 may mean nothing. */
export function uncountedRules(node: Pick<NodeEvidence, 'rules'>): RuleCount[] {
  return node.rules.filter((rule) => {
    const { turnsAway, takes } = effectOf(rule);
    return (turnsAway || takes) && rejectedBy(rule) === undefined;
  });
}

/**
 * How many packets the node can account for having turned away: by rules and policies, for want of room in the conntrack table, by
 * the kernel's own checks, or answered with an error. Undefined when that cannot be known, because a rule does not count, or because
 * on the way to a service a rule took packets, of which it counts the first of each connection only.
 */
export function turnedAway(node: NodeEvidence): number | undefined {
  let byRules = 0;
  for (const rule of rejectingRules(node)) {
    const packets = rejectedBy(rule);
    if (packets === undefined) return undefined;
    byRules += packets;
  }
  if (node.role !== 'realserver' && divertingRules(node).some(({ packets }) => packets !== 0))
    return undefined;
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
export function answersWithIcmp(rule: RuleCount): boolean {
  return effectOf(rule).answersWithIcmp;
}

/** How many packets a rule turned away or took; undefined when it does not tell. */
export function rejectedBy(rule: RuleCount): number | undefined {
  const { elements } = effectOf(rule);
  if (elements === undefined) return rule.packets;
  const counted = elements.map((element) => /\bcounter packets (\d+) /.exec(element)?.[1]);
  if (counted.some((packets) => packets === undefined)) return undefined;
  return counted.reduce((sum, packets) => sum + Number(packets), 0);
}

/** A rule as people would look it up: iptables' says where it stands, nftables' has its chain before it, and a named map's verdicts behind it. */
export function ruleText(rule: RuleCount): string {
  const { family, table, chain, rule: text } = rule;
  if (isIptables(text))
    return text.startsWith('-P ') && family !== 'ip' && family !== 'ip6'
      ? `${family} ${table}: ${text}`
      : text;
  const named = rule.elements === undefined ? undefined : effectOf(rule).elements;
  const behind = named === undefined || named.length === 0 ? '' : ` (${named.join(', ')})`;
  return `${family} ${table} ${chain}: ${text}${behind}`;
}
