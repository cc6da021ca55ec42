import type { Engine, Lab, Node } from '../../../src/engine/port.js';
import { runCommand } from '../../../src/run/exec.js';

/** When to step in: before the control run, or after the scenario's rules were loaded. */
export type Moment = 'before-control' | 'after-rules';

/** An engine whose labs get a command run by hand on one node in the middle of a run. */
export function meddling(engine: Engine, moment: Moment, nodeName: string, argv: readonly string[]): Engine {
  return {
    identity: engine.identity,
    connection: engine.connection,
    lost: engine.lost,
    usedSubnets: () => engine.usedSubnets(),
    createLab: async (plan) => meddlingLab(await engine.createLab(plan), moment, nodeName, argv),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function meddlingLab(lab: Lab, moment: Moment, nodeName: string, argv: readonly string[]): Lab {
  const target = lab.nodes.find((node) => node.plan.name === nodeName);
  if (target === undefined) throw new Error(`no node ${nodeName}`);
  const stepIn = (): Promise<string> => runCommand(target, { purpose: 'obey the test', argv }, 60);
  const watched = (node: Node): Node => ({
    plan: node.plan,
    role: node.role,
    mac: node.mac,
    start: (command) => node.start(command),
    exec: async (command, options) => {
      const result = await node.exec(command, options);
      const isReady = moment === 'before-control' && command === lab.plan.ready.argv;
      const areRules = moment === 'after-rules' && command === node.plan.rules?.argv;
      if (isReady || areRules) await stepIn();
      return result;
    },
  });
  return {
    plan: lab.plan,
    nodes: lab.nodes.map(watched),
    [Symbol.asyncDispose]: async () => {
      await lab[Symbol.asyncDispose]();
    },
  };
}
