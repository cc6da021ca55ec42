import type { RecordedNode } from '../../evidence/model/recordedNodes.js';
import type { RecordedPlan } from '../../evidence/model/recordedPlan.js';
import path from 'node:path';
import type { Expectation, RecordedExpectation } from '../../scenario/model/expectation.js';
import type { PlannedLab } from './plannedLab.js';
import { writeJson } from '../../support/files/writeJson.js';

/**
 * Writes `plan.json` (what will be done) and `nodes.json` (who the nodes are). The plan contains what this run expects, which its file may
 * not, so that the evidence can be judged again without its verdict.
 */
export async function recordLab(
  { plan, nodes }: PlannedLab,
  expect: Expectation,
  directory: string,
): Promise<void> {
  const planned: RecordedPlan & RecordedExpectation = { ...plan, expect };
  await writeJson(path.join(directory, 'plan.json'), planned);
  const theirs = nodes.map(({ node, plan: { name, role, address } }): RecordedNode => {
    const assigned = node.shape.interfaces.map((one) => one.address);
    return { name, role, addresses: [...new Set([...assigned, address])], macs: node.macs };
  });
  await writeJson(path.join(directory, 'nodes.json'), theirs);
}
