import { phases } from '../../contracts/words/phases.js';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestFile } from '../../evidence/directory/sealed/manifest.js';
import { EvidenceError } from '../../evidence/text/error.js';
import { LabError } from '../../support/errors.js';
import { filterAsync } from '../../support/filterAsync.js';

/** The file that says which scenario a job's folder is of, and what was expected; without it the folder cannot be judged. */
export const planFile = 'plan.json';

/** The first file in a job's folder. A job whose file was refused, or that was stopped while its lab was made, has nothing else. */
const scenarioFile = 'scenario.yaml';

/** Files by which a folder is known as a job's that came to a lab. Of the phases files, for a scenario of one's own may be called `control`. */
const signs: readonly string[] = [
  planFile,
  'nodes.json',
  manifestFile,
  'verdict.json',
  ...phases.flatMap((phase) => [`${phase}/phase.json`, `${phase}/load.json`]),
];

/** Whether a folder has the plan of a job. */
export async function hasPlan(directory: string): Promise<boolean> {
  return isThere(join(directory, planFile));
}

/**
 * Which of the files that every job leaves, once its lab is made, are in a folder. Empty: the folder is no job's, or the job's lab was never
 * made.
 */
export async function evidenceIn(directory: string): Promise<readonly string[]> {
  return filterAsync(signs, (name) => isThere(join(directory, name)));
}

/** Whether a folder belongs to a job, even if it has nothing but the copy of the scenario. */
export async function isJobFolder(directory: string): Promise<boolean> {
  return (await isThere(join(directory, scenarioFile))) || (await evidenceIn(directory)).length > 0;
}

/** Why there is no verdict on a job's folder without a plan. */
export async function withoutPlan(directory: string): Promise<LabError> {
  const there = await evidenceIn(directory);
  if (there.length > 0) {
    return new EvidenceError(
      `evidence missing: expected ${planFile} in ${directory}, found only ${there.join(', ')}`,
      {
        hint: `get ${planFile} from where the run was made, or run what is missing: \`lvs-lab run --resume RUNDIR\``,
      },
    );
  }
  return new LabError('the run ended while the lab of this job was being made: there is no evidence', {
    hint: 'run what is missing: `lvs-lab run --resume RUNDIR`',
  });
}

/** Why there is no verdict on a job whose folder is gone, though the run recorded a verdict on it. */
export function withoutFolder(directory: string): EvidenceError {
  return new EvidenceError(
    `evidence missing: expected the folder ${directory}, of which the run recorded a verdict, found none`,
    {
      hint: 'get the folder from where the run was made, or run what is missing: `lvs-lab run --resume RUNDIR`',
    },
  );
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
