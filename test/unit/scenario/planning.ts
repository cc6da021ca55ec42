import { makePlan } from '../../../src/scenario/plan/makePlan.js';
import { makeShape } from '../../../src/scenario/plan/shape.js';
import type { LabShape, NodePlan, Plan } from '../../../src/scenario/model/planTypes.js';
import type { Scenario } from '../../../src/scenario/model/scenario.js';
import { minimal, scenarioOf } from './scenarioFile.js';

export const subnets = { lan: '198.18.7.0/24', front: '198.18.8.0/24' };

/** The lab of a scenario in the run `r1`. */
export function shapeOf(
  scenario: Scenario,
  options: Partial<Parameters<typeof makeShape>[1]> = {},
): LabShape {
  return makeShape(scenario, { runId: 'r1', lab: 1, subnets, ...options });
}

/** The plan of the minimal scenario with this text added, on a lab of its own. */
export async function planOf(extra = ''): Promise<Plan> {
  const scenario = await scenarioOf(minimal + extra);
  return makePlan(scenario, 'r1', shapeOf(scenario));
}

export function nodeOf(plan: Plan, name: string): NodePlan {
  const node = plan.nodes.find((one) => one.name === name);
  if (node === undefined) throw new Error(`the plan has no ${name}`);
  return node;
}

/** A node's set-up, one line a command, unquoted. */
export function setupOf(plan: Plan, name: string): readonly string[] {
  return nodeOf(plan, name).setup.map(({ argv }) => argv.join(' '));
}
