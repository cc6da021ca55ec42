import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Lab, Node } from '../engine/port.js';
import { readLoadReport } from '../evidence/recorded.js';
import { SettleWatch } from '../evidence/settled.js';
import { LabError } from '../support/errors.js';
import { shellQuote } from '../support/quote.js';
import { waitFor } from '../support/wait.js';
import { runCommand } from './exec.js';
import { Recorder } from './recorder.js';
import { clientOf } from './topology.js';

export type PhaseName = 'control' | 'measured';

/** A state that lasts this long, over several retransmissions, is taken to be final. */
const quietSeconds = 3;

/** Drives the load once and records what every node shows of it, into `<directory>/<phase>/`. */
export async function runPhase(lab: Lab, phase: PhaseName, scenarioDirectory: string): Promise<void> {
  const directory = path.join(scenarioDirectory, phase);
  await mkdir(directory);
  const startedAt = new Date().toISOString();
  const watch = new SettleWatch({
    vip: lab.plan.vip,
    port: lab.plan.port,
    nodes: lab.nodes.filter((node) => node.role !== 'director').map((node) => node.plan.name),
    quietSeconds,
  });
  const recorder = await Recorder.start(lab, directory, (node, block) => {
    watch.feed(node, block);
  });
  const load = await drive(lab, directory);
  const settlement = await settle(watch, recorder, load, lab.plan.deadlines.settle);
  await Promise.all(lab.nodes.map((node) => collect(node, directory, lab.plan.deadlines.collect)));
  await recorder.finished();
  await writeFile(
    path.join(directory, 'phase.json'),
    JSON.stringify({ phase, ...settlement, startedAt, finishedAt: new Date().toISOString() }, undefined, 2),
  );
}

type Load = ReturnType<typeof readLoadReport>;

async function drive(lab: Lab, directory: string): Promise<Load> {
  const { drive: command, deadlines } = lab.plan;
  const result = await clientOf(lab).exec(command.argv, { seconds: deadlines.drive + 30 });
  await writeFile(path.join(directory, 'load.json'), result.stdout);
  if (result.exitCode !== 0) {
    throw new LabError(`the client's load agent ended with exit code ${String(result.exitCode)}`, {
      details: `$ ${shellQuote(command.argv)}\n${result.stdout}${result.stderr}`.trimEnd(),
    });
  }
  return readLoadReport(result.stdout);
}

/** Waits until the sockets stop changing. That they do not is a finding, not an error; that nobody looks is one. */
async function settle(watch: SettleWatch, recorder: Recorder, load: Load, seconds: number): Promise<object> {
  try {
    return await waitFor(
      'the sockets to settle',
      () => {
        recorder.check();
        const state = watch.state(load);
        return state.settled ? state : undefined;
      },
      { seconds, everyMs: 100 },
    );
  } catch (error) {
    recorder.check();
    if (!(error instanceof LabError)) throw error;
    return watch.state(load);
  }
}

/** Ends the node's recording and takes its final state, in one exec. */
async function collect(node: Node, directory: string, seconds: number): Promise<void> {
  const { stop, collect: final } = node.plan;
  const command = {
    purpose: final.purpose,
    argv: ['sh', '-c', `${shellQuote(stop.argv)}\n${shellQuote(final.argv)}`],
  };
  await writeFile(path.join(directory, `${node.plan.name}.final`), await runCommand(node, command, seconds));
}
