import type { FlowEvidence, FlowReport } from '../../evidence/model/flowTypes.js';
import type { PhaseEvidence } from '../../evidence/model/types.js';
import type { LabNodes } from '../captures/labNodes.js';
import type { SeenConnection } from '../connections/seenConnection.js';
import type { ConnectionFate, FlowNumbers } from '../model/types.js';
import { balanceOf } from './balance.js';
import { flowDropsOf } from './flowDrops.js';
import { leftOpen } from './leftOpen.js';
import { icmpLimitsOf, lossesOf } from './losses.js';
import { flowOutcome, flowOutcomes } from './flowOutcome.js';
import { directorTransitOf } from './directorTransit.js';
import { ipvsBytes, ipvsPeaks, socketPeaks } from './peaks.js';
import { unexplainedOf } from './stuck.js';
import { throughIpvs } from './throughIpvs.js';

/** What the raw-socket load came to; undefined when there was none, or its agent came to no report. */
export function flowNumbersOf(
  phase: PhaseEvidence,
  lab: LabNodes,
  witnesses: readonly SeenConnection[],
  fates: readonly ConnectionFate[],
): FlowNumbers | undefined {
  const { flows, nodes } = phase;
  const { report } = flows ?? {};
  if (flows === undefined || report === undefined) return undefined;
  const passages = directorTransitOf(lab, phase, new Set(flows.sources), witnesses);
  const counted = flowDropsOf(lab, { flows, nodes }, passages, witnesses, fates);
  const known = { leftOpen: leftOpen(phase, lab, report, passages), peaks: socketPeaks(flows, lab) };
  const outcomes = flowOutcomes(report, known);
  const { sent, received, retransmitted, finsSent, rstsSent, icmp, connect, firstByte, close } = report;
  return {
    ...known,
    opened: report.opened,
    fates: report.fates,
    unexplained: unexplainedOf(report.fates, counted),
    outcome: flowOutcome(report, outcomes),
    outcomes,
    latencies: { connect, firstByte, close },
    traffic: { sent, received, retransmitted, finsSent, rstsSent, icmp },
    openedPerSecond: openedPerSecond(report),
    askedPerSecond: askedPerSecond(flows.asked),
    ipvs: ipvsPeaks(flows),
    ipvsBytes: ipvsBytes(flows),
    closingSegments: balanceOf(report, passages, counted),
    ipvsPackets: throughIpvs(report, flows, lab, passages),
    losses: lossesOf(flows, report, nodes),
    icmpLimits: icmpLimitsOf(nodes),
  };
}

function openedPerSecond({ opened, startedAt, openedAt, finishedAt }: FlowReport): number {
  const seconds = (openedAt ?? finishedAt) - startedAt;
  return seconds > 0 ? opened / seconds : opened;
}

/** While the rate grows, half as many are opened as at the full one. */
function askedPerSecond({ count, rate, ramp }: FlowEvidence['asked']): number {
  const inRamp = (rate * ramp) / 2;
  return count < inRamp ? count / Math.sqrt((2 * count * ramp) / rate) : count / (count / rate + ramp / 2);
}
