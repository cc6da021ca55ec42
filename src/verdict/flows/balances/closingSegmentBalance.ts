import type { FlowReport } from '../../../evidence/model/flowTypes.js';
import type { FlowNumbers } from '../../model/verdict.js';
import type { FlowDrops } from './flowDrops.js';
import type { DirectorTransit } from './directorTransit.js';

/**
 * Adds up the flows' closing segments on their way from the client through the directors. Where no rule counts, all that went no
 * further is taken as turned away. Queues do not say which packets they dropped, so what is still missing may be among those.
 */
export function closingSegmentBalance(
  { finsSent, rstsSent }: FlowReport,
  transit: DirectorTransit | undefined,
  { router, directors, queues }: FlowDrops,
): FlowNumbers['closingSegments'] {
  if (transit === undefined) return undefined;
  const { arrived, forwarded } = transit;
  const sent = finsSent + rstsSent;
  const byRouter = Math.min(Math.max(0, sent - arrived), router ?? Infinity);
  const byDirectors = Math.min(Math.max(0, arrived - forwarded), directors ?? Infinity);
  const turnedAway = byRouter + byDirectors;
  const onTheWay = Math.min(Math.max(0, sent - arrived - byRouter), queues.onTheWay);
  const behindDirectors = Math.min(Math.max(0, arrived - forwarded - byDirectors), queues.atDirectors);
  const lostOnLinks = onTheWay + behindDirectors;
  const missing = Math.max(0, sent - forwarded - turnedAway - lostOnLinks);
  return { sent, arrived, forwarded, turnedAway, lostOnLinks, missing };
}
