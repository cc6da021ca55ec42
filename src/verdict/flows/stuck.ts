import type { FlowFate } from '../../contracts/words/flows.js';
import { droppedAnywhere, type FlowDrops } from './flowDrops.js';

type Fates = Readonly<Record<FlowFate, number>>;

/** Flows whose conversation stopped, because something that was sent was never answered. */
export function stuckOf({ opening, transfer, closing, data }: Fates): number {
  return opening + transfer + closing + data;
}

/**
 * Flows that nothing explains: those that were not over when the load was, and stuck ones beyond the number of packets that were
 * counted anywhere as turned away: each must have lost one at least. Where a rule does not count, stuck ones are believed.
 */
export function unexplainedOf(fates: Fates, drops: FlowDrops): number {
  const stuck = stuckOf(fates);
  return fates.unfinished + Math.max(0, stuck - (droppedAnywhere(drops) ?? stuck));
}
