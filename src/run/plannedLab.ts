import type { Lab, Node } from '../engine/port.js';
import type { NodePlan, Plan } from '../scenario/types.js';
import { LabError } from '../support/errors.js';
import type { LoadAgent } from './loadAgent.js';
import type { SharedLab } from './sharedLab.js';

/** A node of a lab, and what one scenario wants of it. */
export interface PlannedNode {
  readonly node: Node;
  readonly plan: NodePlan;
}

/** A lab, and one scenario's plan for it. */
export interface PlannedLab {
  readonly lab: Lab;
  readonly plan: Plan;
  readonly nodes: readonly PlannedNode[];
  readonly agent: LoadAgent;
}

/** Joins a lab with a plan made for its shape. */
export function planLab({ lab, agent }: SharedLab, plan: Plan): PlannedLab {
  const nodes = plan.nodes.map((planned) => {
    const node = lab.nodes.find(({ shape }) => shape.name === planned.name);
    if (node === undefined) throw new LabError(`the plan of ${plan.scenario} wants a node ${planned.name}`);
    return { node, plan: planned };
  });
  return { lab, plan, nodes, agent };
}

export function nodeNamed({ nodes, plan }: PlannedLab, name: string): PlannedNode {
  const found = nodes.find((node) => node.plan.name === name);
  if (found === undefined) throw new LabError(`the plan of ${plan.scenario} has no node ${name}`);
  return found;
}
