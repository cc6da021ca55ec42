import type { Phase } from '../../contracts/words/phases.js';
import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  manifestFile,
  manifestText,
  parseManifest,
  type SealedFile,
} from '../../evidence/directory/manifest.js';
import { ruleFolder } from '../../scenario/file/ruleFiles/record.js';
import { sha256OfFile } from '../../support/files/sha256.js';

/**
 * Writes into a scenario's manifest what the files of a part of its folder are, for they are complete now. `plan` is what lies in the
 * folder itself, and the scenario's rule files. What the manifest has already stays as it is, whatever became of the file. The manifest is put in place as a whole, so that
 * a run that is killed has the one before.
 */
export async function seal(directory: string, part: 'plan' | Phase): Promise<void> {
  const known = await sealedBefore(directory);
  const names = part === 'plan' ? await ofPlan(directory) : await below(directory, part);
  const added: SealedFile[] = [];
  for (const name of names.sort()) {
    const file = path.join(directory, name);
    const found = await stat(file);
    if (!found.isFile() || notEvidence.has(name) || known.some((one) => one.name === name)) continue;
    added.push({ name, bytes: found.size, sha256: await sha256OfFile(file) });
  }
  await writeFile(path.join(directory, unfinishedFile), manifestText([...known, ...added]));
  await rename(path.join(directory, unfinishedFile), path.join(directory, manifestFile));
}

const unfinishedFile = `${manifestFile}.partial`;
/** The verdict is what was made of the evidence: whoever judges again makes it anew. */
const notEvidence = new Set([manifestFile, unfinishedFile, 'verdict.json']);

async function sealedBefore(directory: string): Promise<readonly SealedFile[]> {
  try {
    return parseManifest(await readFile(path.join(directory, manifestFile), 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

async function ofPlan(directory: string): Promise<string[]> {
  const names = await readdir(directory);
  return names.includes(ruleFolder) ? [...names, ...(await below(directory, ruleFolder))] : names;
}

async function below(directory: string, part: string): Promise<string[]> {
  const names = await readdir(path.join(directory, part), { recursive: true });
  return names.map((name) => `${part}/${name}`);
}
