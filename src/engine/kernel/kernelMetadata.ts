import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import { LabError, messageOf } from '../../support/errors.js';
import { parseJson } from '../../support/parseJson.js';
import { replacedModuleSchema } from './modules/replacements.js';
import { writeJson } from '../../support/files/writeJson.js';

/** What is known of a prepared kernel; a file beside it keeps it. */
export const kernelFactsSchema = z.object({
  /** The source as the user named it. */
  from: z.string(),
  /** The release as `uname -r` prints it. */
  release: z.string(),
  /** The whole version: release, who built it, build number and date. */
  version: z.string(),
  /** The GNU build id in hexadecimal; undefined when the image could not be unpacked. */
  buildId: z.string().optional(),
  /** SHA-256 of the configuration's text in hexadecimal, and where the text was found; undefined when none was found. */
  config: z.object({ sha256: z.string(), from: z.string() }).optional(),
  replaced: z.array(replacedModuleSchema),
});
export type KernelFacts = Immutable<z.infer<typeof kernelFactsSchema>>;

/** The contents of an added kernel's kernel.json. */
export const storedKernelSchema = kernelFactsSchema.extend({
  name: z.string(),
  /** When it was added, in ISO 8601. */
  addedAt: z.string(),
});
export type StoredKernel = Immutable<z.infer<typeof storedKernelSchema>>;

/** The files of a prepared kernel. `config` exists when `facts.config` is known, `modules` unless everything is built in. */
export const kernelFiles = {
  image: 'vmlinuz',
  config: 'config',
  modules: 'modules',
  facts: 'kernel.json',
} as const;

export async function writeFacts(directory: string, facts: KernelFacts): Promise<void> {
  await writeJson(path.join(directory, kernelFiles.facts), facts);
}

/** Reads what `writeFacts` wrote, as the schema has it. Rejects with LabError when the file is anything else. */
export async function readFacts<T extends KernelFacts>(directory: string, schema: z.ZodType<T>): Promise<T> {
  const file = path.join(directory, kernelFiles.facts);
  try {
    return parseJson(schema, await readFile(file, 'utf8'));
  } catch (error) {
    throw new LabError(`${file} cannot be read: ${messageOf(error)}`, {
      hint: `remove the folder ${directory}, and add or make the kernel again`,
      cause: error,
    });
  }
}
