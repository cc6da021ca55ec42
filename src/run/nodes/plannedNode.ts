import type { Node } from '../../engine/port/port.js';
import type { NodePlan } from '../../scenario/model/planTypes.js';

/** A node of a lab, and the plan that one scenario has for it. */
export interface PlannedNode {
  readonly node: Node;
  readonly plan: NodePlan;
}
