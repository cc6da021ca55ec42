import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../support/errors.js';
import type { ReplacedModule } from './modules/replacements.js';

/** What is known of a prepared kernel; a file beside it keeps it. */
export interface KernelFacts {
  /** The source as the user named it. */
  readonly from: string;
  /** The release as `uname -r` prints it. */
  readonly release: string;
  /** The whole version: release, who built it, build number and date. */
  readonly version: string;
  /** The GNU build id in hexadecimal; undefined when the image could not be unpacked. */
  readonly buildId?: string | undefined;
  /** SHA-256 of the configuration's text in hexadecimal, and where the text was found; undefined when none was found. */
  readonly config?: { readonly sha256: string; readonly from: string } | undefined;
  readonly replaced: readonly ReplacedModule[];
}

/** The files of a prepared kernel. `config` exists when `facts.config` is known, `modules` unless everything is built in. */
export const kernelFiles = {
  image: 'vmlinuz',
  config: 'config',
  modules: 'modules',
  facts: 'kernel.json',
} as const;

export async function writeFacts(directory: string, facts: KernelFacts): Promise<void> {
  await writeFile(path.join(directory, kernelFiles.facts), `${JSON.stringify(facts, undefined, 2)}\n`);
}

/** Reads what `writeFacts` wrote. Rejects with LabError when the file is anything else. */
export async function readFacts<T extends KernelFacts>(directory: string): Promise<T> {
  const file = path.join(directory, kernelFiles.facts);
  try {
    const facts = JSON.parse(await readFile(file, 'utf8')) as Partial<T> | null;
    if (typeof facts?.release !== 'string' || !Array.isArray(facts.replaced))
      throw new Error('it says nothing of a kernel');
    return facts as T;
  } catch (error) {
    throw new LabError(`${file} cannot be read: ${(error as Error).message}`, {
      hint: `remove the folder ${directory}, and add or make the kernel again`,
      cause: error,
    });
  }
}
