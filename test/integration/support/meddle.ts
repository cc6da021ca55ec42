import { runOneShot } from '../../../src/engine/docker/oneShotContainer.js';
import type { Engine, Lab, Node } from '../../../src/engine/port/port.js';
import { runCommand } from '../../../src/run/nodes/runCommand.js';
import { dockerOf, imageOf } from './labDocker.js';

/** When to step in: before the control run, or after the scenario's rules were loaded. */
export type Moment = 'before-control' | 'after-rules';

/** An engine whose labs get a command run by hand on one node in the middle of a run. A control run that was kept is none to step in before. */
export function meddling(engine: Engine, moment: Moment, nodeName: string, argv: readonly string[]): Engine {
  return withLabs(engine, (lab) => Promise.resolve(meddlingLab(lab, moment, nodeName, argv)));
}

/** An engine whose labs get a command of nft run in their engine's own network namespace, before anybody sends a packet. */
export function interfering(engine: Engine, argv: readonly string[]): Engine {
  return withLabs(engine, async (lab) => {
    const docker = await dockerOf(lab);
    const image = await imageOf(docker, lab, 'director');
    const command = { runId: 'test', purpose: 'interference', image, network: 'host' } as const;
    const result = await runOneShot(docker, { ...command, argv: ['nft', ...argv] });
    if (result.exitCode !== 0) throw new Error(`nft refused it: ${result.stderr}`);
    return lab;
  });
}

function withLabs(engine: Engine, change: (lab: Lab) => Promise<Lab>): Engine {
  return {
    identity: engine.identity,
    sharedRunId: engine.sharedRunId,
    room: engine.room,
    usedSubnets: () => engine.usedSubnets(),
    tryRules: (runId, steps, options) => engine.tryRules(runId, steps, options),
    createLab: async (shape) => change(await engine.createLab(shape)),
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
    pace: node.pace,
    start: (command, options) => node.start(command, options),
    versions: (seconds) => node.versions(seconds),
    exec: async (command, options) => {
      const result = await node.exec(command, options);
      if (command.join(' ').includes(programs[moment])) {
        await runCommand(target, { purpose: 'obey the test', argv }, 60);
      }
      return result;
    },
  });
  return { ...lab, nodes: lab.nodes.map(watched) };
}
