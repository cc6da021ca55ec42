import type { Node } from '../../engine/port/port.js';
import type { NodePlan } from '../../scenario/model/planTypes.js';

/** A node of a lab, and what one scenario wants of it. */
export interface PlannedNode {
  readonly node: Node;
  readonly plan: NodePlan;
}
