import type { Engine, Lab, Node } from '../../../src/engine/port/port.js';
import { runCommand } from '../../../src/run/nodes/runCommand.js';

/** When to step in: before the control run, or after the scenario's rules were loaded. */
export type Moment = 'before-control' | 'after-rules';

/** An engine whose labs get a command run by hand on one node in the middle of a run. */
export function meddling(engine: Engine, moment: Moment, nodeName: string, argv: readonly string[]): Engine {
  return {
    identity: engine.identity,
    connection: engine.connection,
    lost: engine.lost,
    discardsLabs: engine.discardsLabs,
    usedSubnets: () => engine.usedSubnets(),
    hostRules: (runId) => engine.hostRules(runId),
    tryRules: (runId, words, options) => engine.tryRules(runId, words, options),
    parts: () => engine.parts(),
    createLab: async (shape) => meddlingLab(await engine.createLab(shape), moment, nodeName, argv),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** What the lab runs at that moment: the readiness probe, or the script that loads rules. */
const programs: Readonly<Record<Moment, string>> = {
  'before-control': 'probe.sh',
  'after-rules': 'load-rules.sh',
};

function meddlingLab(lab: Lab, moment: Moment, nodeName: string, argv: readonly string[]): Lab {
  const target = lab.nodes.find((node) => node.shape.name === nodeName);
  if (target === undefined) throw new Error(`no node ${nodeName}`);
  const watched = (node: Node): Node => ({
    shape: node.shape,
    role: node.role,
    macs: node.macs,
    start: (command, options) => node.start(command, options),
    exec: async (command, options) => {
      const result = await node.exec(command, options);
      if (command.join(' ').includes(programs[moment])) {
        await runCommand(target, { purpose: 'obey the test', argv }, 60);
      }
      return result;
    },
  });
  return {
    shape: lab.shape,
    nodes: lab.nodes.map(watched),
    networks: () => lab.networks(),
    [Symbol.asyncDispose]: async () => {
      await lab[Symbol.asyncDispose]();
    },
  };
}
