import path from 'node:path';
import type { Plan } from '../../scenario/model/planTypes.js';
import { followSeconds } from '../../scenario/plan/makePlan.js';
import { LabError, messageOf } from '../../support/errors.js';
import type { PlannedLab } from '../lab/plannedLab.js';
import type { PlannedNode } from '../nodes/plannedNode.js';
import { PacketTrace } from '../recording/packetTrace.js';

/** Limits of following packets: bytes for some thousand packets through hundreds of chains, and seconds until all that was printed is read. */
export const followLimits = { mostBytes: 64_000_000, endSeconds: 120 } as const;

/** What follows packets through the kernel's own functions, or why nothing does: one sentence each, without its end. */
export interface KernelFollowing {
  readonly trace: PacketTrace | undefined;
  readonly lacking: readonly string[];
}

/**
 * Begins to follow packets through the kernel's own functions, into the folder `<directory>/traced`, and resolves when it has begun. What keeps
 * it from that is no error: the result says why. It runs in a container of its own, which takes longer to start than all else of the traced
 * phase, so begin it first.
 */
export async function followInKernel(lab: PlannedLab, directory: string): Promise<KernelFollowing> {
  const into = path.join(directory, 'traced');
  try {
    return { trace: await kernelTrace(lab, into), lacking: [] };
  } catch (error) {
    return { trace: undefined, lacking: [messageOf(error).replace(/\.$/, '')] };
  }
}

/** Rejects with LabError where packets cannot be followed, or need not be. */
async function kernelTrace({ lab, plan, nodes }: PlannedLab, into: string): Promise<PacketTrace> {
  const what = "following packets through the kernel's own functions";
  if (plan.flows !== undefined)
    throw new LabError(`${what} is left out beside raw-socket flows, of whose packets there are too many`);
  if (!loadsRules(plan))
    throw new LabError(
      `${what} is left out where nothing loads rules: connection tracking is off then, in which they are met first`,
    );
  const [{ node }] = nodes as [PlannedNode];
  const trace = await PacketTrace.start({
    ...{ what, ...followLimits, pace: node.pace },
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

/** Whether rules of a packet filter, commands or events of the scenario may load any. */
export function loadsRules({ nodes, events }: Pick<Plan, 'nodes' | 'events'>): boolean {
  const texts = [
    ...nodes.map(({ rules }) => rules?.texts),
    ...events.flatMap(({ steps }) => steps.map(({ command, rules }) => rules?.texts ?? command.argv)),
  ];
  return texts.some((one) =>
    /^\*|\btable\b|\b(?:ip6?tables|nft)\b/m.test(Object.values(one ?? {}).join('\n')),
  );
}

/** The kernel's function by which IPVS sends the service's packets on. */
function sendingFunction({ forwarding, family }: Plan): string {
  const way = { dr: 'dr', tun: 'tunnel', nat: 'nat' }[forwarding];
  return `ip_vs_${way}_xmit${family === 'ipv6' ? '_v6' : ''}`;
}
