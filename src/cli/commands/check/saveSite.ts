import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rebuilt } from '../../../rebuild/rebuilt.js';
import { messageOf, UsageError } from '../../../support/errors.js';
import { makeFolder } from '../../../support/files/makeFolder.js';
import { writeOutputFile } from '../../../support/files/outputFile.js';

/** Throws UsageError when something is in the folder that `--save` names. */
export async function refuseUsedFolder(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new UsageError(`expected --save to name a folder, found ${directory}: ${messageOf(error)}`);
  });
  if (names.length === 0) return;
  throw new UsageError(
    `expected --save to name an empty or a new folder, found ${directory} with ${names[0] ?? ''} in it`,
    { hint: 'Name a new folder: nothing in it is overwritten.' },
  );
}

/**
 * Writes a rebuilt site into the folder that `--save` names.
 * @throws UsageError when it cannot be written there.
 */
export async function saveSite(directory: string, rebuilt: Pick<Rebuilt, 'files'>): Promise<void> {
  try {
    await writeSite(directory, rebuilt);
  } catch (cause) {
    throw new UsageError(`could not write the site to ${directory}: ${messageOf(cause)}`, {
      cause,
      hint: 'Name another folder with --save DIR.',
    });
  }
}

/** Writes a rebuilt site into a folder: its scenarios, and the site's rule files beside them. */
export async function writeSite(directory: string, { files }: Pick<Rebuilt, 'files'>): Promise<void> {
  await makeFolder(directory);
  for (const { name, text } of files) await writeOutputFile(join(directory, name), text);
}
