import { isDeepStrictEqual } from 'node:util';
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
  /** The load agent on the client, and the one where the plan's connections are made: mostly the same. */
  readonly clientAgent: LoadAgent;
  readonly agent: LoadAgent;
  readonly recordings: Recordings;
  /** Whether the nodes have the plan's addresses, routes and services already. */
  readonly isSetUp: boolean;
  /** Where the plan's texts are in the scenario's file. */
  readonly source: ScenarioPlaces;
}

/** Joins a lab with a plan made for its shape. */
export function planLab(
  { lab, agent: clientAgent, otherAgent, recordings, setUpFor }: UsedLab,
  plan: Plan,
  { file, places }: ScenarioPlaces,
): PlannedLab {
  const nodes = plan.nodes.map((planned) => {
    const node = lab.nodes.find(({ shape }) => shape.name === planned.name);
    if (node === undefined) throw new LabError(`the plan of ${plan.scenario} wants a node ${planned.name}`);
    return { node, plan: planned };
  });
  const isSetUp = setUpFor !== undefined && isDeepStrictEqual(setupsOf(setUpFor), setupsOf(plan));
  const agent = plan.load.from === undefined ? clientAgent : otherAgent;
  if (agent === undefined)
    throw new LabError(`the lab of ${plan.scenario} has no program on ${String(plan.load.from)}`);
  return { lab, plan, nodes, clientAgent, agent, recordings, isSetUp, source: { file, places } };
}

/** What each node is given before anything else. */
const setupsOf = ({ nodes }: Plan) => nodes.map(({ name, setup }) => ({ name, setup }));

export function nodeNamed({ nodes, plan }: PlannedLab, name: string): PlannedNode {
  const found = nodes.find((node) => node.plan.name === name);
  if (found === undefined) throw new LabError(`the plan of ${plan.scenario} has no node ${name}`);
  return found;
}
