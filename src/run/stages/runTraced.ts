import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { connectionsInAll } from '../../contracts/agents/load.js';
import type { TracedRecord } from '../../evidence/model/tracedRecord.js';
import type { Expectation } from '../../scenario/model/expectation.js';
import type { Plan } from '../../scenario/model/planTypes.js';
import { messageOf } from '../../support/errors.js';
import { writeJson } from '../../support/files/writeJson.js';
import { packageRoot } from '../../support/packageRoot.js';
import { becomeReady, loadRules } from '../lab/configureLab.js';
import type { PlannedLab } from '../lab/plannedLab.js';
import { recordLab } from '../lab/recordLab.js';
import { ruleSources } from '../lab/ruleSources.js';
import type { Emit } from '../model/labEvents.js';
import { PacketTrace } from '../recording/packetTrace.js';
import { seal } from '../recording/seal.js';
import { drivingIn } from '../phase/drive.js';
import { runPhase } from '../phase/runPhase.js';
import { followLimits, type KernelFollowing } from './followInKernel.js';

interface Traced {
  /** The job's name. */
  readonly scenario: string;
  /** The scenario's folder. */
  readonly directory: string;
  readonly expect: Expectation;
  readonly emit: Emit;
  /** What follows packets through the kernel's own functions; the load waits until it does. */
  readonly kernel: Promise<KernelFollowing>;
}

/** Seconds that the load of a warm start may take beyond the agent's own time limit. */
const graceSeconds = 30;

/**
 * Loads the rules and drives the load once more, in a lab of its own, while packets are followed through the rules. All of it is recorded into
 * `<directory>/traced/`. It is no evidence of the measured run, which nobody watched; so what cannot be followed is recorded, and is no error.
 */
export async function runTraced(lab: PlannedLab, of: Traced): Promise<void> {
  const { directory, expect, scenario, emit } = of;
  const into = path.join(directory, 'traced');
  const problems: string[] = [];
  const note = (error: unknown): undefined => {
    problems.push(messageOf(error));
  };
  await recordLab(lab, expect, into);
  if (lab.plan.start === 'warm') await warmUp(lab);
  await loadRules(lab);
  const script = await readFile(path.join(packageRoot, 'lab', 'node', 'explain.sh'), 'utf8');
  const traces = await Promise.all(
    lab.nodes.flatMap(({ node, plan }) => {
      const { name, explain } = plan;
      if (explain === undefined) return [];
      // The script is handed over when it is started, and is no part of the state that labs begin with.
      const what = `following packets on ${name}`;
      const argv = ['bash', '-c', script, 'explain.sh', ...explain];
      const file = path.join(into, `${name}.traced`);
      const start = () => node.start(argv, { stdin: true });
      return [PacketTrace.start({ what, start, pace: node.pace, file, ...followLimits })];
    }),
  );
  const { trace: inKernel, lacking } = await of.kernel;
  await Promise.all(traces.map((trace) => trace.listens().catch(note)));
  await runPhase(lab, 'traced', { scenario, directory, emit });
  await Promise.all(
    [...traces, ...(inKernel === undefined ? [] : [inKernel])].map((trace) => trace.end().catch(note)),
  );
  const followed = lab.nodes.filter(({ plan }) => plan.explain !== undefined);
  const record: TracedRecord = {
    connections: connectionsInAll(lab.plan.load),
    nodes: followed.map(({ plan }) => ({
      name: plan.name,
      sources: [...ruleSources(lab, plan, process.cwd())],
    })),
    kernel: { isFollowed: inKernel !== undefined, lacking: [...lacking] },
    problems,
  };
  await writeJson(path.join(into, 'explain.json'), record);
  await seal(directory, 'traced');
}

/** A plan whose load has so many connections. */
export function withConnections(plan: Plan, connections: number): Plan {
  const load = { ...plan.load, connections };
  return { ...plan, load, drive: { ...plan.drive, load } };
}

/** What the control run leaves in nodes that are not made anew. */
async function warmUp(lab: PlannedLab): Promise<void> {
  await becomeReady(lab);
  const { agent, order } = drivingIn(lab, 'control');
  await agent.drive(order, 2 * lab.plan.deadlines.drive + graceSeconds);
}
