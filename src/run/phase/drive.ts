import { driveCommand } from '../../scenario/plan/commands/commands.js';
import type { DriveOrder } from '../../contracts/agents/driveOrder.js';
import type { Phase } from '../../contracts/words/phases.js';
import type { LoadReport } from '../../evidence/model/loadReport.js';
import type { EventRecord } from '../../evidence/model/phase.js';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readLoadReport } from '../../evidence/directory/recordedFiles.js';
import { LabError } from '../../support/errors.js';
import { shellQuote } from '../../support/quote.js';
import { DeadlineError } from '../../support/wait.js';
import type { PlannedLab } from '../lab/plannedLab.js';
import type { NodesClock } from '../recording/nodesClock.js';
import { runTimedEvents } from './timeline.js';

/** Seconds that a load may take beyond the agent's own time limit. */
const graceSeconds = 30;
/** The agent's exit code when its clients did not start in time. */
const lateStart = 3;

/** Which agent drives a phase's load, and its order. */
export function drivingIn(
  { agent, clientAgent, plan }: Pick<PlannedLab, 'agent' | 'clientAgent' | 'plan'>,
  phase: Phase,
): { readonly agent: PlannedLab['agent']; readonly order: DriveOrder } {
  return phase === 'control'
    ? { agent: clientAgent, order: plan.controlDrive ?? plan.drive }
    : { agent, order: plan.drive };
}

export interface Drive {
  readonly load: LoadReport;
  readonly events: EventRecord[];
}

/** Tells the phase's load agent to drive the load, writes its report to `load.json` and, with the nodes' clock, plays the plan's events meanwhile. */
export async function drive(
  lab: PlannedLab,
  phase: Phase,
  directory: string,
  clock: NodesClock | undefined,
): Promise<Drive> {
  const { plan } = lab;
  const { agent, order } = drivingIn(lab, phase);
  // Its clients may take as long to start as they have for the load.
  const seconds = 2 * plan.deadlines.drive + graceSeconds;
  const stop = new AbortController();
  const driving = agent.drive(order, seconds);
  const happening =
    clock !== undefined && plan.events.length > 0
      ? agent.connected(seconds).then((at) => runTimedEvents(lab, { at, clock }, stop.signal))
      : Promise.resolve([]);
  happening.catch(() => undefined);
  try {
    const { exitCode, report, stderr } = await driving;
    await writeFile(path.join(directory, 'load.json'), report);
    if (exitCode === lateStart) throw new DeadlineError(stderr.replaceAll(/^@@ .*\n/gm, '').trim());
    if (exitCode !== 0) {
      throw new LabError(`the client's load agent gave up with code ${String(exitCode)}`, {
        details: `$ ${shellQuote(driveCommand(order).argv)}\n${report}${stderr}`.trimEnd(),
      });
    }
    return { load: readLoadReport(report), events: await happening };
  } finally {
    stop.abort();
  }
}
