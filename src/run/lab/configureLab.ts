import { LabError } from '../../support/errors.js';
import { inOneShell, runCommand } from '../nodes/runCommand.js';
import { nodeNamed, type PlannedLab } from './plannedLab.js';
import { loadNodeRules, throwRefusals } from '../nodes/nodeRules.js';
import { durationText } from '../../support/duration.js';

const setupSeconds = 60;

/** Gives each node its addresses, routes and services, unless it has them. */
export async function configure({ nodes, isSetUp }: PlannedLab): Promise<void> {
  if (isSetUp) return;
  await Promise.all(
    nodes.map(async ({ node, plan }) => {
      if (plan.setup.length === 0) return;
      await runCommand(node, inOneShell('set itself up', plan.setup), setupSeconds);
    }),
  );
}

/** Proves that a packet goes from the client through the director to every realserver and back. Rejects with NotReady when that fails. */
export async function becomeReady(lab: PlannedLab): Promise<void> {
  const { ready, deadlines, vip, ports } = lab.plan;
  const { node: client } = nodeNamed(lab, 'client');
  for (const { argv } of ready) {
    const result = await client.exec(argv, { seconds: deadlines.ready + 10 });
    if (result.exitCode === 0) continue;
    throw new NotReady(
      `no packet came through the whole path within ${durationText(deadlines.ready, 'set')}: expected every realserver to answer at ${vip}, port ${ports.join(' and ')}`,
      {
        details: `${result.stdout}${result.stderr}`.trim(),
        hint: "something outside the scenario may be dropping the lab's packets; `lvs-lab run --keep` keeps the nodes to look around in",
      },
    );
  }
}

/** No packet came through the whole lab: its topology is wrong, or something outside takes its packets. */
export class NotReady extends LabError {}

/** Loads the rules and sysctls of every node that has any. Throws one RulesError with everything that the nodes refused. */
export async function loadRules({ nodes, source }: PlannedLab): Promise<void> {
  const loaded = await Promise.allSettled(
    nodes.map(async ({ node, plan: { role, rules } }) => {
      if (rules !== undefined) await loadNodeRules(node, rules, { ...source, part: role, of: role });
    }),
  );
  throwRefusals(loaded);
}
