import type { FlowEvidence, FlowReport } from '../../evidence/model/flowTypes.js';
import type { NodeEvidence } from '../../evidence/model/evidence.js';
import { countedLosses } from '../numbers/lossCounters.js';
import { answersWithIcmp, rejectedBy, rejectingRules } from '../rules/countedRules.js';

/** One sentence for each hop, from the load agent to the nodes' kernels, that counted packets or sockets as lost. */
export function lossesOf(flows: FlowEvidence, report: FlowReport, nodes: readonly NodeEvidence[]): string[] {
  return [
    ...agentLosses(report),
    ...Object.entries(flows.captureDrops)
      .filter(([, packets]) => packets > 0)
      .map(([node, packets]) => `The capture on ${node} lost ${packets} packets.`),
    ...linkLosses(flows),
    ...queueLosses(flows),
    ...backlogLosses(flows),
    ...nodes.flatMap(countedLosses),
  ];
}

/** Where ICMP errors were held back by the kernel's limit on them, one sentence for each node. */
export function icmpLimitsOf(nodes: readonly NodeEvidence[]): string[] {
  return nodes.flatMap((node) => {
    const { name, counters } = node;
    const count = (...names: string[]) => names.reduce((sum, each) => sum + (counters[each] ?? 0), 0);
    const sent = count('IcmpOutDestUnreachs', 'Icmp6OutDestUnreachs');
    const rejected = rejectingRules(node)
      .filter(answersWithIcmp)
      .reduce((sum, rule) => sum + (rejectedBy(rule) ?? 0), 0);
    const heldBack = count('IcmpOutRateLimitGlobal', 'IcmpOutRateLimitHost', 'Icmp6OutRateLimitHost');
    if (heldBack === 0 && rejected <= sent) return [];
    return [
      `${name} sent ${sent} ICMP errors for ${Math.max(rejected, sent + heldBack)} packets: its limit on them (icmp_ratelimit, icmp_msgs_per_sec) held back the others.`,
    ];
  });
}

function agentLosses({ sendErrors, receiveDrops }: FlowReport): string[] {
  const errors = Object.entries(sendErrors).filter(([, frames]) => frames > 0);
  const all = errors.reduce((sum, [, frames]) => sum + frames, 0);
  return [
    ...(all === 0
      ? []
      : [
          `The client's kernel did not take ${all} frames of the raw load agent (${errors.map(([name, frames]) => `${name} ${frames}`).join(', ')}).`,
        ]),
    ...(receiveDrops === 0
      ? []
      : [`The receive buffer of the raw load agent had no room for ${receiveDrops} frames.`]),
  ];
}

function linkLosses({ links }: FlowEvidence): string[] {
  return Object.entries(links).flatMap(([node, interfaces]) =>
    Object.entries(interfaces).flatMap(([name, counters]) =>
      Object.entries(counters)
        .filter(([counter, packets]) => /(?:dropped|errors)$/.test(counter) && packets > 0)
        .map(([counter, packets]) => `${name} of ${node} lost ${packets} packets (${counter}).`),
    ),
  );
}

function queueLosses({ queueDrops }: FlowEvidence): string[] {
  return Object.entries(queueDrops).flatMap(([node, queues]) =>
    Object.entries(queues)
      .filter(([, packets]) => packets > 0)
      .map(
        ([device, packets]) =>
          `The queue of ${device} on ${node} dropped ${packets} packets (\`tc -s qdisc\`), on purpose where its link is to lose some.`,
      ),
  );
}

function backlogLosses({ backlogDrops = 0 }: FlowEvidence): string[] {
  if (backlogDrops === 0) return [];
  return [
    `The engine's processors dropped ${backlogDrops} packets because their backlog was full (net.core.netdev_max_backlog).`,
  ];
}
