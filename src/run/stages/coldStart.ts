import type { PhaseStart } from '../../evidence/model/phase.js';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Expectation } from '../../scenario/model/expectation.js';
import type { ColdCommands, PlannedCommand } from '../../scenario/model/planTypes.js';
import { inOneShell, runCommand } from '../nodes/runCommand.js';
import type { PlannedLab } from '../lab/plannedLab.js';
import type { PlannedNode } from '../nodes/plannedNode.js';
import { recordLab } from '../lab/recordLab.js';
import { configure } from '../lab/configureLab.js';

const stepSeconds = 60;
const linesShown = 6;

/** For each node's name, what it still knew after it had been cleared, a line each; nodes that knew nothing are left out. */
export type Leftovers = NonNullable<PhaseStart['known']>;

interface ColdStart {
  /** The scenario's folder. */
  readonly directory: string;
  readonly expect: Expectation;
  /** Replaces the lab by a new one. */
  readonly replace: (why: string) => Promise<PlannedLab>;
}

/**
 * Clears what nodes learned in the control run and verifies it. A lab that cannot be cleared is replaced: the measured run then has new
 * nodes, and a `plan.json` and `nodes.json` of its own in its folder. Nobody sends a packet from then on until the load does. Does nothing
 * for a scenario with a warm start.
 */
export async function startingState(
  lab: PlannedLab,
  { directory, expect, replace }: ColdStart,
): Promise<PhaseStart> {
  if (lab.nodes.every(({ plan }) => plan.cooling === undefined)) return { is: 'warm' };
  const known = await clearNodes(lab);
  const why = remainingStateText(known);
  if (why === undefined) return { is: 'cold', known };
  const fresh = await replace(why);
  const measured = path.join(directory, 'measured');
  await mkdir(measured);
  await recordLab(fresh, expect, measured);
  await configure(fresh);
  await Promise.all(fresh.nodes.filter(({ plan }) => fresh.plan.serving.includes(plan.name)).map(serves));
  return { is: 'cold', known: await clearNodes(fresh) };
}

/** Clears the nodes whose plan asks for it; resolves with what they still know. */
export async function clearNodes({ nodes }: PlannedLab): Promise<Leftovers> {
  const steps = Math.max(0, ...nodes.map(({ plan }) => plan.cooling?.steps.length ?? 0));
  for (let step = 0; step < steps; step += 1) {
    await onEach(nodes, (cooling) => inOneShell('start anew', cooling.steps[step] ?? []));
  }
  const said = await onEach(nodes, ({ look }) => look);
  const lines = said.map(([name, text]) => [name, text.split('\n').filter((line) => line !== '')] as const);
  return Object.fromEntries(lines.filter(([, known]) => known.length > 0));
}

/** What nodes still know as text, a line each; undefined: nothing, they are cold. */
export function remainingStateText(known: Leftovers): string | undefined {
  const lines = Object.entries(known).flatMap(([name, each]) => each.map((line) => `${name}: ${line}`));
  if (lines.length === 0) return undefined;
  const more = lines.length > linesShown ? [`and ${String(lines.length - linesShown)} more`] : [];
  return [...lines.slice(0, linesShown), ...more].join('\n');
}

async function onEach(
  nodes: readonly PlannedNode[],
  commandOf: (cooling: ColdCommands) => PlannedCommand,
): Promise<readonly (readonly [name: string, stdout: string])[]> {
  return Promise.all(
    nodes.flatMap(({ node, plan }) =>
      plan.cooling === undefined
        ? []
        : [
            runCommand(node, commandOf(plan.cooling), stepSeconds).then(
              (stdout) => [plan.name, stdout] as const,
            ),
          ],
    ),
  );
}

/** Waits until a node's server listens, without a packet, from which nodes would learn each other's addresses again. */
async function serves({ node }: PlannedNode): Promise<void> {
  const argv = ['sh', '/lab/server/listening.sh'];
  await runCommand(node, { purpose: 'have its server listen', argv }, stepSeconds);
}
