import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { messageOf } from '../../support/errors.js';
import { sha256OfFile } from '../../support/files/sha256.js';
import { parseJson } from '../../support/parseJson.js';

/** The files of a cache entry as they were when it was made. Sizes are in bytes, times in milliseconds. */
const manifestSchema = z.object({
  inputs: z.unknown(),
  files: z.record(z.string(), z.object({ size: z.number(), mtimeMs: z.number(), sha256: z.string() })),
});
type Manifest = z.infer<typeof manifestSchema>;

/** The file of an entry that tells of the others. */
export const manifestName = 'manifest.json';

/** Records every file of a finished entry. */
export async function writeManifest(directory: string, inputs: unknown, signal?: AbortSignal): Promise<void> {
  const files: Manifest['files'] = {};
  for (const name of (await readdir(directory)).sort()) {
    if (name === manifestName) continue;
    const file = path.join(directory, name);
    const { size, mtimeMs } = await stat(file);
    files[name] = { size, mtimeMs, sha256: await sha256OfFile(file, signal) };
  }
  const manifest: Manifest = { inputs, files };
  await writeFile(path.join(directory, manifestName), JSON.stringify(manifest, undefined, 2));
}

/**
 * Says what is wrong with an entry, or undefined when it is as it was made. Content is hashed again only where a file's
 * time of modification has changed: hashing a gigabyte at every run would cost more than the run.
 */
export async function findCorruption(directory: string, signal?: AbortSignal): Promise<string | undefined> {
  let manifest: Manifest;
  try {
    manifest = parseJson(manifestSchema, await readFile(path.join(directory, manifestName), 'utf8'));
  } catch (error) {
    return `${manifestName} cannot be read (${messageOf(error)})`;
  }
  for (const [name, expected] of Object.entries(manifest.files)) {
    const file = path.join(directory, name);
    const found = await stat(file).catch(() => undefined);
    if (found === undefined) return `${name} is missing`;
    if (found.size !== expected.size)
      return `${name} has ${String(found.size)} bytes, ${String(expected.size)} expected`;
    if (found.mtimeMs !== expected.mtimeMs && (await sha256OfFile(file, signal)) !== expected.sha256)
      return `${name} was changed: its SHA-256 is not the recorded one`;
  }
  return undefined;
}
