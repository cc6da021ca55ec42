import type { FlowFate } from '../../contracts/words/flowFates.js';
import { droppedAnywhere, type FlowDrops } from './balances/flowDrops.js';

type Fates = Readonly<Record<FlowFate, number>>;

/** Flows whose conversation stopped, because something that was sent was never answered. */
export function stuckOf({ opening, transfer, closing, data }: Fates): number {
  return opening + transfer + closing + data;
}

/**
 * How many flows nothing explains. These are the flows that were not over when the load ended, and stuck or unanswered flows for which no packet
 * was counted as turned away: each must have lost at least one. Where a rule does not count, stuck flows are taken as explained.
 */
export function unexplainedOf(fates: Fates, drops: FlowDrops): number {
  const stuck = stuckOf(fates) + fates.unanswered;
  return fates.unfinished + Math.max(0, stuck - (droppedAnywhere(drops) ?? stuck));
}
