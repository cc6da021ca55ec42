import type { Phase } from '../../contracts/words/phases.js';
import { SealedFolder } from './sealed/sealedFolder.js';

/**
 * What keeps a scenario's folder from being what was recorded: its manifest cannot be read, or has nothing of a phase that there must be, or
 * a file is missing or differs from the manifest. Empty when all is as it was. What the files say is not looked at.
 */
export async function evidenceProblems(
  directory: string,
  phases: readonly Phase[],
): Promise<readonly string[]> {
  const folder = await SealedFolder.open(directory);
  if (folder.problem !== undefined) return [folder.problem];
  const lacking = phases.filter((phase) => !folder.hasPhase(phase));
  return [
    ...lacking.map((phase) => `${phase}/: the manifest has none of its files.`),
    ...(await folder.others()),
  ];
}
