import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SettleWatch } from '../evidence/settled.js';
import type { LoadReport } from '../evidence/types.js';
import { LabError } from '../support/errors.js';
import { shellQuote } from '../support/quote.js';
import { waitFor } from '../support/wait.js';
import { drive } from './drive.js';
import { runCommand } from './exec.js';
import type { PlannedLab, PlannedNode } from './plannedLab.js';
import { Recorder } from './recorder.js';
import { playWhenSettled, type EventRecord } from './timeline.js';

export type PhaseName = 'control' | 'measured';

/** Drives the load once and records what every node shows of it, into `<directory>/<phase>/`. Events belong to the measured phase. */
export async function runPhase(lab: PlannedLab, phase: PhaseName, scenarioDirectory: string): Promise<void> {
  const directory = path.join(scenarioDirectory, phase);
  await mkdir(directory);
  const startedAt = new Date().toISOString();
  const { plan } = lab;
  const watch = new SettleWatch({
    servers: plan.servers,
    ports: plan.ports,
    nodes: ['client', ...plan.serving],
    quietSeconds: plan.deadlines.quiet,
  });
  /** By the nodes' own clock, which is the one that the load's report has. */
  let newest = 0;
  const recorder = await Recorder.start(lab, directory, (node, block) => {
    watch.feed(node, block);
    newest = Math.max(newest, block.time);
  });
  const { load, events } = await drive(lab, directory, phase === 'measured');
  const until = (since: number): Promise<object> =>
    settle(watch, recorder, { ...load, finishedAt: since }, plan.deadlines.settle);
  let settlement = await until(Math.max(load.finishedAt, events.length === 0 ? 0 : newest));
  if (phase === 'measured' && plan.events.some(({ at }) => at === 'settled')) {
    events.push(...(await playWhenSettled(lab)));
    settlement = await until(newest);
  }
  await Promise.all(lab.nodes.map((node) => collect(node, directory, plan.deadlines.collect)));
  await recorder.finished();
  await writeJson(path.join(directory, 'phase.json'), {
    phase,
    ...settlement,
    ...(events.length === 0 ? {} : { events: events satisfies EventRecord[] }),
    startedAt,
    finishedAt: new Date().toISOString(),
  });
}

/** Waits until the sockets stop changing. That they do not is a finding, not an error; that nobody looks is one. */
async function settle(
  watch: SettleWatch,
  recorder: Recorder,
  load: LoadReport,
  seconds: number,
): Promise<object> {
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
async function collect({ node, plan }: PlannedNode, directory: string, seconds: number): Promise<void> {
  const { stop, collect: final } = plan;
  const command = {
    purpose: final.purpose,
    argv: ['sh', '-c', `${shellQuote(stop.argv)}\n${shellQuote(final.argv)}`],
  };
  await writeFile(path.join(directory, `${plan.name}.final`), await runCommand(node, command, seconds));
}

const writeJson = (file: string, value: unknown): Promise<void> =>
  writeFile(file, `${JSON.stringify(value, undefined, 2)}\n`);
