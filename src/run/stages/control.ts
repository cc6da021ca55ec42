import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readScenarioEvidence } from '../../evidence/directory/read.js';
import { findingOf } from '../../verdict/finding.js';
import type { Emit } from '../model/labEvents.js';
import type { Job } from '../model/jobs.js';
import { runPhase } from './phase.js';
import type { PlannedLab } from '../lab/plannedLab.js';
import { seal } from '../recording/seal.js';
import type { SharedLab } from '../lab/sharedLab.js';

interface ControlRun {
  readonly job: Job;
  readonly lab: PlannedLab;
  readonly shared: SharedLab;
  /** The scenario's folder. */
  readonly directory: string;
  readonly emit: Emit;
  /** Lists the engine's own packet filter, in case that is to blame. */
  readonly hostRules: () => Promise<string>;
}

/**
 * Runs the control, or copies that of an earlier scenario with the same topology and load in this lab; each reset since was verified. A
 * copy says in `shared-with.json` whose it is.
 */
export async function controlOf(run: ControlRun): Promise<void> {
  const { job, lab, shared, directory, emit } = run;
  const key = lab.plan.controlKey;
  const copy = path.join(directory, 'control');
  // A warm start is what the scenario's own control run leaves; after a reset nothing of an earlier one is left.
  const known = job.scenario.start === 'warm' ? undefined : shared.controls.get(key);
  if (known !== undefined) {
    await cp(known.directory, copy, { recursive: true });
    await writeFile(path.join(copy, 'shared-with.json'), `${JSON.stringify({ job: known.job })}\n`);
    await seal(directory, 'control');
    emit({ type: 'control-shared', scenario: job.name, with: known.job });
    return;
  }
  await runPhase(lab, 'control', { scenario: job.name, directory, emit });
  if (await isHealthy(directory)) {
    shared.controls.set(key, { directory: copy, job: job.name });
  } else {
    await writeFile(path.join(copy, 'engine-host.nft'), await run.hostRules());
    await seal(directory, 'control');
  }
}

async function isHealthy(directory: string): Promise<boolean> {
  const { control } = await readScenarioEvidence(directory);
  if (control === undefined) return false;
  const { outcome, unsound, numbers } = findingOf(control);
  const ofFlows = numbers.flows === undefined ? 'healthy' : numbers.flows.outcome;
  return outcome === 'healthy' && ofFlows === 'healthy' && unsound.length === 0;
}
