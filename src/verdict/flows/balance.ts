import type { FlowReport } from '../../evidence/flowTypes.js';
import type { FlowNumbers } from '../types.js';
import type { Counted } from './counted.js';
import type { Passages } from './passage.js';

/** Follows the flows' closing segments from the client through the directors. Where nothing counts, what ended is believed. */
export function balanceOf(
  { finsSent, rstsSent }: FlowReport,
  passages: Passages | undefined,
  { router, directors }: Counted,
): FlowNumbers['closingSegments'] {
  if (passages === undefined) return undefined;
  const { arrived, forwarded } = passages;
  const sent = finsSent + rstsSent;
  const byRouter = Math.min(Math.max(0, sent - arrived), router ?? Infinity);
  const byDirectors = Math.min(Math.max(0, arrived - forwarded), directors ?? Infinity);
  const turnedAway = byRouter + byDirectors;
  return { sent, arrived, forwarded, turnedAway, missing: Math.max(0, sent - forwarded - turnedAway) };
}
