import type { Lab } from '../../engine/port/port.js';
import type { Plan } from '../../scenario/model/planTypes.js';
import { LabError } from '../../support/errors.js';
import type { LoadAgent } from '../agents/loadAgent.js';
import type { PlannedNode } from '../nodes/plannedNode.js';
import type { ScenarioPlaces } from '../nodes/refusals.js';
import type { Recordings } from '../recording/recordings.js';
import type { UsedLab } from './usedLab.js';

/** A lab, and one scenario's plan for it. */
export interface PlannedLab {
  readonly lab: Lab;
  readonly plan: Plan;
  readonly nodes: readonly PlannedNode[];
  readonly agent: LoadAgent;
  readonly recordings: Recordings;
  /** Where the plan's texts are in the scenario's file. */
  readonly source: ScenarioPlaces;
}

/** Joins a lab with a plan made for its shape. */
export function planLab(
  { lab, agent, recordings }: UsedLab,
  plan: Plan,
  { file, places }: ScenarioPlaces,
): PlannedLab {
  const nodes = plan.nodes.map((planned) => {
    const node = lab.nodes.find(({ shape }) => shape.name === planned.name);
    if (node === undefined) throw new LabError(`the plan of ${plan.scenario} wants a node ${planned.name}`);
    return { node, plan: planned };
  });
  return { lab, plan, nodes, agent, recordings, source: { file, places } };
}

export function nodeNamed({ nodes, plan }: PlannedLab, name: string): PlannedNode {
  const found = nodes.find((node) => node.plan.name === name);
  if (found === undefined) throw new LabError(`the plan of ${plan.scenario} has no node ${name}`);
  return found;
}
