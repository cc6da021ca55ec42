import type { Engine, Lab, Node } from '../engine/port.js';
import type { Scenario } from '../scenario/types.js';
import { makePlan } from '../scenario/plan.js';
import { chooseSubnet } from '../scenario/subnet.js';
import { LabError } from '../support/errors.js';
import { inOneShell, runCommand } from './exec.js';

const setupSeconds = 60;

/** Creates the network and the nodes, and gives each its addresses and services. */
export async function bringUp(engine: Engine, scenario: Scenario, runId: string): Promise<Lab> {
  const subnet = chooseSubnet(runId, await engine.usedSubnets(), scenario);
  const lab = await engine.createLab(makePlan(scenario, { runId, subnet }));
  try {
    await Promise.all(
      lab.nodes.map(async (node) => {
        if (node.plan.setup.length === 0) return;
        await runCommand(node, inOneShell('set itself up', node.plan.setup), setupSeconds);
      }),
    );
    return lab;
  } catch (error) {
    // What could not be removed goes with the engine's run; the error to see is the one that led here.
    await Promise.resolve(lab[Symbol.asyncDispose]()).catch(() => undefined);
    throw error;
  }
}

/** Proves that a packet goes from the client through the director to every realserver and back. */
export async function becomeReady(lab: Lab): Promise<void> {
  const { ready, deadlines, vip, port } = lab.plan;
  const result = await clientOf(lab).exec(ready.argv, { seconds: deadlines.ready + 10 });
  if (result.exitCode === 0) return;
  throw new LabError(
    `no packet came through the whole path within ${String(deadlines.ready)} s: expected every realserver to answer at ${vip}:${String(port)}`,
    {
      details: `${result.stdout}${result.stderr}`.trim(),
      hint: "something outside the scenario may be dropping the lab's packets; `lvs-lab run --keep` keeps the nodes to look around in",
    },
  );
}

/** Loads the rules of every node that has some. */
export async function loadRules(lab: Lab): Promise<void> {
  await Promise.all(
    lab.nodes.map(async (node) => {
      const { rules } = node.plan;
      if (rules === undefined) return;
      const result = await node.exec(rules.argv, { seconds: setupSeconds });
      const said = `${result.stdout}${result.stderr}`.trim();
      if (result.exitCode === 0) return;
      if (isLabsFault.test(said)) {
        throw new LabError(`${node.plan.name} cannot load any rules with ${rules.argv[0] ?? 'iptables'}`, {
          details: said,
        });
      }
      throw refused(node, rules.text, said);
    }),
  );
}

export function clientOf(lab: Lab): Node {
  const client = lab.nodes.find((node) => node.role === 'client');
  if (client === undefined) throw new LabError(`the plan of ${lab.plan.scenario} has no client`);
  return client;
}

/** The program or its kernel modules are missing: nothing that another rule would mend. */
const isLabsFault =
  /executable file not found|do you need to insmod|can't initialize iptables|Could not fetch rule set/;

/** iptables-restore names the line it refuses; this shows it. */
function refused(node: Node, rules: string, said: string): RulesError {
  const number = Number(/line:? (\d+)/i.exec(said)?.[1]);
  const line = rules.split('\n')[number - 1];
  const shown = line === undefined ? '' : `\n  line ${String(number)} of the rules: ${line}`;
  return new RulesError(
    `${node.plan.rules?.argv[0] ?? 'iptables'} on ${node.plan.name} refused the scenario's rules`,
    {
      details: `${said}${shown}`,
      hint: `correct the rules of the ${node.role} in the scenario file`,
    },
  );
}

/** The scenario's rules are not what iptables accepts: the file is wrong, not the lab. */
export class RulesError extends LabError {
  override readonly exitCode = 5;
}
