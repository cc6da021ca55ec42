import type { PhaseEvidence } from '../../evidence/model/evidence.js';
import type { FlowReport } from '../../evidence/model/flowTypes.js';
import type { LabNodes } from '../captures/labNodes.js';
import { staleReply } from '../connections/staleServer.js';

/**
 * How many flows of UDP had all requests answered, and the last one by a node that is none of the service's any more, or whose weight is 0. Flows
 * that are answered in the second in which something happens are none of them. Undefined: the flows are of TCP.
 */
export function answeredStale(
  phase: PhaseEvidence,
  lab: Pick<LabNodes, 'directors' | 'byName'>,
  { lastReplies }: Pick<FlowReport, 'lastReplies'>,
): number | undefined {
  return lastReplies
    ?.filter(
      ({ by, port, second }) =>
        staleReply({ by, port, at: second, address: phase.vip }, phase, lab) !== undefined,
    )
    .reduce((sum, { flows }) => sum + flows, 0);
}
