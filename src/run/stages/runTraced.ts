import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TracedRecord } from '../../evidence/model/tracedRecord.js';
import type { Expectation } from '../../scenario/model/expectation.js';
import type { Plan } from '../../scenario/model/planTypes.js';
import { followSeconds } from '../../scenario/plan/makePlan.js';
import { LabError, messageOf } from '../../support/errors.js';
import { writeJson } from '../../support/files/writeJson.js';
import { packageRoot } from '../../support/packageRoot.js';
import { becomeReady, loadRules } from '../lab/configureLab.js';
import type { PlannedNode } from '../nodes/plannedNode.js';
import type { PlannedLab } from '../lab/plannedLab.js';
import { recordLab } from '../lab/recordLab.js';
import { ruleSources } from '../lab/ruleSources.js';
import type { Emit } from '../model/labEvents.js';
import { PacketTrace } from '../recording/packetTrace.js';
import { seal } from '../recording/seal.js';
import { runPhase } from '../phase/runPhase.js';

interface Traced {
  /** The job's name. */
  readonly scenario: string;
  /** The scenario's folder. */
  readonly directory: string;
  readonly expect: Expectation;
  readonly emit: Emit;
}

/** Seconds that the load of a warm start may take beyond the agent's own time limit. */
const graceSeconds = 30;
const endSeconds = 120;
/** The most bytes of one node's trace: some thousand packets through hundreds of chains. */
const mostBytes = 64_000_000;

/**
 * Loads the rules and drives the load once more, in a lab of its own, while packets are followed through the rules. All of it is recorded into
 * `<directory>/traced/`. It is no evidence of the measured run, which nobody watched; so what cannot be followed is recorded, and is no error.
 */
export async function runTraced(lab: PlannedLab, of: Traced): Promise<void> {
  const { directory, expect, scenario, emit } = of;
  const into = path.join(directory, 'traced');
  await mkdir(into);
  const problems: string[] = [];
  const note = (error: unknown): undefined => {
    problems.push(messageOf(error));
  };
  const lacking: string[] = [];
  // Made while the rest is made ready.
  const kernel = kernelTrace(lab, into).catch((error: unknown) => {
    lacking.push(messageOf(error).replace(/\.$/, ''));
    return undefined;
  });
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
      return [PacketTrace.start({ what, start, pace: node.pace, file, mostBytes, endSeconds })];
    }),
  );
  const inKernel = await kernel;
  await Promise.all(traces.map((trace) => trace.listens().catch(note)));
  await runPhase(lab, 'traced', { scenario, directory, emit });
  await Promise.all(
    [...traces, ...(inKernel === undefined ? [] : [inKernel])].map((trace) => trace.end().catch(note)),
  );
  const followed = lab.nodes.filter(({ plan }) => plan.explain !== undefined);
  const record: TracedRecord = {
    connections: lab.plan.load.connections,
    nodes: followed.map(({ plan }) => ({
      name: plan.name,
      sources: [...ruleSources(lab, plan, process.cwd())],
    })),
    kernel: { isFollowed: inKernel !== undefined, lacking },
    problems,
  };
  await writeJson(path.join(into, 'explain.json'), record);
  await seal(directory, 'traced');
}

/** Follows packets through the kernel's own functions, from when this resolves. Rejects with LabError where that cannot be. */
async function kernelTrace({ lab, plan, nodes }: PlannedLab, into: string): Promise<PacketTrace> {
  const what = "following packets through the kernel's own functions";
  if (plan.flows !== undefined)
    throw new LabError(`${what} is left out beside raw-socket flows, of whose packets there are too many`);
  const [{ node }] = nodes as [PlannedNode];
  const trace = await PacketTrace.start({
    ...{ what, mostBytes, endSeconds, pace: node.pace },
    start: () =>
      lab.followKernel({
        seconds: followSeconds(plan),
        protocol: plan.load.datagrams === undefined ? 'tcp' : 'udp',
        functions: [sendingFunction(plan)],
      }),
    file: path.join(into, 'kernel.traced'),
  });
  await trace.listens();
  return trace;
}

/** The kernel's function by which IPVS sends the service's packets on. */
function sendingFunction({ forwarding, family }: Plan): string {
  const way = { dr: 'dr', tun: 'tunnel', nat: 'nat' }[forwarding];
  return `ip_vs_${way}_xmit${family === 'ipv6' ? '_v6' : ''}`;
}

/** A plan whose load has so many connections. */
export function withConnections(plan: Plan, connections: number): Plan {
  const load = { ...plan.load, connections };
  return { ...plan, load, drive: { ...plan.drive, load } };
}

/** What the control run leaves in nodes that are not made anew. */
async function warmUp({ agent, plan, ...lab }: PlannedLab): Promise<void> {
  await becomeReady({ agent, plan, ...lab });
  await agent.drive(plan.drive, 2 * plan.deadlines.drive + graceSeconds);
}
