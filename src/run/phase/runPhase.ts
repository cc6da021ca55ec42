import type { LoadReport } from '../../evidence/model/loadReport.js';
import type { Phase } from '../../contracts/words/phases.js';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PhaseRecord, PhaseStart } from '../../evidence/model/phase.js';
import { type Settlement, SettleWatch } from '../../evidence/streams/settled.js';
import { waitAtMost } from '../../support/wait.js';
import { drive } from './drive.js';
import type { Emit } from '../model/labEvents.js';
import { runCommand } from '../nodes/runCommand.js';
import { PhaseFlows } from './phaseFlows.js';
import type { PlannedLab } from '../lab/plannedLab.js';
import type { PlannedNode } from '../nodes/plannedNode.js';
import { Recorder } from './recorder.js';
import { NodesClock } from '../recording/nodesClock.js';
import { clientIn } from '../../evidence/model/clientNode.js';
import { seal } from '../recording/seal.js';
import { runSettledEvents } from './timeline.js';
import { writeJson } from '../../support/files/writeJson.js';

/** The job that a phase belongs to, where it is recorded, and who is told its events. */
interface PhaseOf {
  /** The job's name. */
  readonly scenario: string;
  /** The scenario's folder; the phase gets a folder of its own in it. */
  readonly directory: string;
  readonly emit: Emit;
  /** What the nodes still knew when the measured phase began; undefined for the control run. */
  readonly start?: PhaseStart;
}

/**
 * Drives the load once and records what every node shows into `<directory>/<phase>/`. Events happen in all but the control run. A
 * raw-socket load is opened first, and kept up until the sockets of the other load have settled and its own flows have come to rest.
 */
export async function runPhase(lab: PlannedLab, phase: Phase, of: PhaseOf): Promise<void> {
  const directory = path.join(of.directory, phase);
  // It is there where the phase has a plan of its own.
  await mkdir(directory, { recursive: true });
  const startedAt = new Date().toISOString();
  const { plan } = lab;
  const watch = new SettleWatch({
    servers: plan.servers,
    ports: plan.ports,
    client: clientIn(plan, phase),
    serving: plan.serving,
    quietSeconds: plan.deadlines.quiet,
  });
  const flows = new PhaseFlows(lab, phase, { ...of, directory });
  /** The time of the newest sample, by the nodes' own clock, which the load's report uses too. */
  let newest = 0;
  const clock = new NodesClock();
  const recorder = await Recorder.start(lab, directory, (node, block) => {
    watch.feed(node, block);
    flows.feed(node, block);
    newest = Math.max(newest, block.time);
    clock.feed(block.until);
  });
  const check = (): void => {
    recorder.check();
    flows.check();
  };
  const until = (load: LoadReport, since: number): Promise<Settlement> =>
    settle(watch, check, { ...load, finishedAt: since }, plan.deadlines.settle);
  const notes = await flows.during(check, async () => {
    const { load, events } = await drive(lab, phase, directory, phase !== 'control' ? clock : undefined);
    let settlement = await until(load, Math.max(load.finishedAt, events.length === 0 ? 0 : newest));
    if (phase !== 'control' && plan.events.some(({ at }) => at === 'settled')) {
      events.push(...(await runSettledEvents(lab)));
      settlement = await until(load, newest);
    }
    return { ...settlement, ...(events.length === 0 ? {} : { events }) };
  });
  await recorder.end();
  await Promise.all(lab.nodes.map((node) => collect(node, directory, plan.deadlines.collect)));
  const record: PhaseRecord = {
    phase,
    ...(of.start === undefined ? {} : { start: of.start }),
    ...notes,
    startedAt,
    finishedAt: new Date().toISOString(),
  };
  await writeJson(path.join(directory, 'phase.json'), record);
  // What followed packets is not complete yet.
  if (phase !== 'traced') await seal(of.directory, phase);
}

/** Waits until the sockets stop changing. If they do not, that is a finding and no error; if nothing is sampled any more, that is an error. */
async function settle(
  watch: SettleWatch,
  check: () => void,
  load: LoadReport,
  seconds: number,
): Promise<Settlement> {
  const look = (): Settlement | undefined => {
    check();
    const state = watch.state(load);
    return state.settled ? state : undefined;
  };
  const settled = await waitAtMost('the sockets to settle', look, { seconds, everyMs: 100 });
  return settled ?? watch.state(load);
}

/** Writes the node's final state to a file. */
async function collect({ node, plan }: PlannedNode, directory: string, seconds: number): Promise<void> {
  await writeFile(path.join(directory, `${plan.name}.final`), await runCommand(node, plan.collect, seconds));
}
