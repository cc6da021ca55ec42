import type { FlowEvidence, FlowReport } from '../../../evidence/model/flowTypes.js';
import type { LabNodes } from '../../captures/labNodes.js';
import { turnedAwayBy } from '../../rules/countedRules.js';
import type { FlowNumbers } from '../../model/verdict.js';
import type { DirectorTransit } from './directorTransit.js';
import { droppedOnTheWay } from './queueDrops.js';

/**
 * Adds up all segments from clients by IPVS's own counters. This is a check on the captures, which have only the closing segments of
 * flows. Undefined where IPVS or a capture says nothing.
 */
export function ipvsPacketBalance(
  { sent: ofFlows }: FlowReport,
  flows: FlowEvidence,
  { router, directors }: LabNodes,
  transit: DirectorTransit | undefined,
): FlowNumbers['ipvsPackets'] {
  const stats = directors.map(({ name }) => flows.ipvsStats[name]).filter((one) => one !== undefined);
  if (transit === undefined || stats.length < directors.length) return undefined;
  const sent = ofFlows + transit.witnessesArrived;
  const passed = stats.reduce((sum, { packets }) => sum + packets, 0);
  // Where a rule does not count, what ended is believed.
  const counted = turnedAwayBy(router === undefined ? directors : [router, ...directors]) ?? Infinity;
  const turnedAway = Math.min(Math.max(0, sent - passed), counted);
  const lostOnLinks = Math.min(Math.max(0, sent - passed - turnedAway), droppedOnTheWay(flows));
  return {
    sent,
    passed,
    turnedAway,
    lostOnLinks,
    missing: Math.max(0, sent - passed - turnedAway - lostOnLinks),
  };
}
