import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isHealthy as isHealthyOutcome } from '../../contracts/words/outcomes.js';
import { keptFile, type KeptControl } from '../../evidence/model/keptControl.js';
import { readScenarioEvidence } from '../../evidence/directory/read.js';
import type { Plan } from '../../scenario/model/planTypes.js';
import { messageOf } from '../../support/errors.js';
import { toolVersion } from '../../support/version.js';
import { findingOf } from '../../verdict/finding.js';
import type { Emit } from '../model/labEvents.js';
import type { Job } from '../model/jobs.js';
import { runPhase } from '../phase/runPhase.js';
import type { PlannedLab } from '../lab/plannedLab.js';
import { seal } from '../recording/seal.js';

interface ControlRun {
  readonly job: Job;
  readonly lab: PlannedLab;
  /** The scenario's folder. */
  readonly directory: string;
  readonly emit: Emit;
}

const folder = 'control';

/**
 * Copies the control run that was kept with the state that the lab begins with, when there is one and the scenario may use it. A copy has
 * `kept.json`, which names the lab's shape. Resolves with whether there was one.
 */
export async function useKeptControl({ job, lab, directory, emit }: ControlRun): Promise<boolean> {
  // A warm start is what the scenario's own control run leaves.
  if (job.scenario.start === 'warm') return false;
  const into = path.join(directory, folder);
  const isThere = await lab.lab.kept?.copy(controlEvidenceKey(lab.plan), into);
  if (isThere !== true) return false;
  const kept: KeptControl = { lab: lab.plan.shape.key };
  await writeFile(path.join(into, keptFile), `${JSON.stringify(kept)}\n`);
  await seal(directory, folder);
  emit({ type: 'control-kept', scenario: job.name });
  return true;
}

/** Runs the control and keeps it when it was healthy. */
export async function runControl({ job, lab, directory, emit }: ControlRun): Promise<void> {
  await runPhase(lab, 'control', { scenario: job.name, directory, emit });
  const into = path.join(directory, folder);
  if (await isHealthy(directory)) {
    // What cannot be kept is made again.
    await lab.lab.kept?.keep(controlEvidenceKey(lab.plan), into).catch((error: unknown) => {
      emit({ type: 'engine-note', message: `the control run was not kept: ${messageOf(error)}` });
    });
  } else {
    await writeFile(path.join(into, 'engine-host.nft'), await lab.lab.hostRules());
    await seal(directory, folder);
  }
}

/** A hash of all that decides how a control run goes: which version makes it, what its nodes are given and told, without rules, events and limits of waits. */
function controlEvidenceKey(plan: Plan): string {
  const { controlKey, shape, load, drive, controlDrive = drive, flows } = plan;
  const nodes = plan.nodes.map(({ setup, sampler, capture, zero, collect }) => ({
    ...{ setup, sampler, capture, zero, collect },
  }));
  const text = JSON.stringify([
    toolVersion(),
    controlKey,
    shape,
    load,
    controlDrive,
    flows?.command,
    flows?.profiles.control,
    nodes,
  ]);
  return createHash('sha256').update(text).digest('hex');
}

async function isHealthy(directory: string): Promise<boolean> {
  const { control } = await readScenarioEvidence(directory);
  if (control === undefined) return false;
  const { outcome, unsound, numbers } = findingOf(control);
  const { flows } = numbers;
  return (
    isHealthyOutcome(outcome) &&
    (flows === undefined || isHealthyOutcome(flows.outcome)) &&
    unsound.length === 0
  );
}
