import type { FlowEvidence, FlowReport } from '../../evidence/model/flowTypes.js';
import type { JudgedPhase } from '../fates/judgedPhase.js';
import type { FlowNumbers } from '../model/verdict.js';
import { closingSegmentBalance } from './balances/closingSegmentBalance.js';
import { flowDropsOf } from './balances/flowDrops.js';
import { answeredStale } from './answeredStale.js';
import { leftOpen } from './leftOpen.js';
import { icmpLimitsOf, lossesOf } from './losses.js';
import { flowOutcome, flowOutcomes } from './flowOutcome.js';
import { directorTransitOf } from './balances/directorTransit.js';
import { ipvsBytes, ipvsPeaks, socketPeaks } from './peaks.js';
import { unexplainedOf } from './stuck.js';
import { ipvsPacketBalance } from './balances/ipvsPacketBalance.js';

/** What the raw-socket load came to; undefined when there was none, or its agent came to no report. */
export function flowNumbersOf(judged: JudgedPhase): FlowNumbers | undefined {
  const { phase, lab } = judged;
  const { flows, nodes } = phase;
  const { report } = flows ?? {};
  if (flows === undefined || report === undefined) return undefined;
  const transit = directorTransitOf(judged, new Set(flows.sources));
  const drops = flowDropsOf(judged, flows, transit);
  const known = {
    leftOpen: leftOpen(phase, lab, report, transit),
    peaks: socketPeaks(flows, lab),
    answeredStale: answeredStale(phase, lab, report),
  };
  const outcomes = flowOutcomes(report, known);
  const { sent, received, retransmitted, finsSent, rstsSent, icmp, connect, firstByte, close } = report;
  return {
    ...known,
    opened: report.opened,
    fates: report.fates,
    unexplained: unexplainedOf(report.fates, drops),
    outcome: flowOutcome(report, outcomes),
    outcomes,
    latencies: { connect, firstByte, close },
    traffic: { sent, received, retransmitted, finsSent, rstsSent, icmp },
    openedPerSecond: openedPerSecond(report),
    askedPerSecond: askedPerSecond(flows.asked),
    ipvs: ipvsPeaks(flows),
    ipvsBytes: ipvsBytes(flows),
    closingSegments: closingSegmentBalance(report, transit, drops),
    ipvsPackets: ipvsPacketBalance(report, flows, lab, transit),
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
