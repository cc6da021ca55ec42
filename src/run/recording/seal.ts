import type { Phase } from '../../contracts/words/phases.js';
import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  manifestFile,
  manifestText,
  parseManifest,
  type SealedFile,
} from '../../evidence/directory/sealed/manifest.js';
import { ruleFolder } from '../../scenario/file/ruleFiles/recordRuleFiles.js';
import { sha256OfFile } from '../../support/files/sha256.js';

/**
 * Adds the files of one part of a scenario's folder to its manifest, because they are complete now. `plan` means the files in the folder
 * itself, and the rule files. Earlier entries stay as they are, whatever became of their files. The manifest is replaced as a whole, so
 * that a killed run keeps the one before.
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
/** Files that are no evidence. A verdict is made from evidence, and judging again makes it anew. */
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
