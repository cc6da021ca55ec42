import type { FlowReport, FlowSecond } from '../../evidence/model/flowTypes.js';
import type { PhaseEvidence } from '../../evidence/model/evidence.js';
import type { LabNodes } from '../captures/labNodes.js';
import type { FlowNumbers } from '../model/verdict.js';
import { boundText, tolerated } from './toleratedShare.js';
import { uncountedNodes } from './leftOpen.js';
import { durationText } from '../../support/duration.js';

/** Why the flows cannot be judged, one sentence each; empty when they can, or there were none. */
export function flowDoubts(phase: PhaseEvidence, lab: LabNodes, numbers: FlowNumbers | undefined): string[] {
  const { flows } = phase;
  if (flows === undefined) return [];
  if (flows.report === undefined || numbers === undefined) return [noReport(flows.seconds.at(-1))];
  return [
    ...reportDoubts(flows.report),
    ...resetDoubts(phase, lab, flows.report),
    ...unexplainedFlows(numbers),
    ...missingSegments(numbers),
    ...missingAtIpvs(numbers),
  ];
}

function noReport(last: FlowSecond | undefined): string {
  const heard =
    last === undefined
      ? 'nothing was heard of it'
      : `when it was last heard of, it had opened ${last.opened} flows, of which ${last.inProgress} were in progress`;
  return `The raw load agent came to no report; ${heard}.`;
}

function reportDoubts({ ended, requested, opened, startedAt, finishedAt, fates }: FlowReport): string[] {
  const seconds = Math.round(finishedAt - startedAt);
  const known = Object.values(fates).reduce((sum, flows) => sum + flows, 0);
  return [
    ...(ended === 'deadline'
      ? [
          `The raw load agent ended by its own deadline, after ${durationText(seconds, 'set')}: the load was not over.`,
        ]
      : []),
    ...(ended === 'orphaned'
      ? [
          `The raw load agent heard nothing of lvs-lab any more and ended by itself, after ${durationText(seconds, 'set')}.`,
        ]
      : []),
    ...(opened < requested ? [`The raw load was to open ${requested} flows and opened ${opened}.`] : []),
    ...(known === opened ? [] : [`The raw load agent opened ${opened} flows and accounts for ${known}.`]),
  ];
}

/** Only the nodes that serve can say what a RST did there. */
function resetDoubts(phase: PhaseEvidence, lab: LabNodes, { rstsSent }: FlowReport): string[] {
  if (rstsSent === 0) return [];
  return uncountedNodes(phase, lab).map(
    (name) =>
      `${name} has no count of the flows' sockets from after they were opened, so nothing shows what the flows' RSTs did there.`,
  );
}

function unexplainedFlows({ opened, fates, unexplained, losses, answeredStale }: FlowNumbers): string[] {
  if (unexplained <= tolerated(opened)) return [];
  const stuck = unexplained - fates.unfinished;
  // Those of UDP are never stuck.
  const how = answeredStale === undefined ? 'stuck' : 'unanswered';
  const kinds = [
    ...(fates.unfinished > 0 ? [`${fates.unfinished} were not over when the load was`] : []),
    ...(stuck > 0 ? [`${stuck} are ${how} without a packet that was counted as rejected or dropped`] : []),
  ];
  return [
    `${unexplained} of ${opened} flows are unexplained, more than ${boundText}: ${kinds.join(', ')}. ${whereLost(losses)}`,
  ];
}

function missingSegments({ closingSegments, losses }: FlowNumbers): string[] {
  if (closingSegments === undefined) return [];
  const { sent, arrived, forwarded, turnedAway, lostOnLinks, missing } = closingSegments;
  if (missing <= tolerated(sent)) return [];
  return [
    `${missing} of the flows' ${sent} closing segments are missing, more than ${boundText}: the directors' captures have ${arrived} of them arriving and ${forwarded} being forwarded, and ${countedText(turnedAway, lostOnLinks)}. ${whereLost(losses)}`,
  ];
}

function missingAtIpvs({ ipvsPackets, losses }: FlowNumbers): string[] {
  if (ipvsPackets === undefined) return [];
  const { sent, passed, turnedAway, lostOnLinks, missing } = ipvsPackets;
  if (missing <= tolerated(sent)) return [];
  return [
    `${missing} of the clients' ${sent} packets are missing, more than ${boundText}: IPVS counted ${passed} of them, and ${countedText(turnedAway, lostOnLinks)}. ${whereLost(losses)}`,
  ];
}

function countedText(turnedAway: number, lostOnLinks: number): string {
  const onLinks = lostOnLinks === 0 ? '' : `, ${lostOnLinks} as lost on links`;
  return `${turnedAway} were counted as rejected or dropped${onLinks}`;
}

function whereLost(losses: readonly string[]): string {
  return losses.length === 0 ? 'No hop counted a loss.' : `Losses that were counted: ${losses.join(' ')}`;
}
