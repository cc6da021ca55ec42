import { constants } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../support/errors.js';

/**
 * Copies directories into `out`, one after the other, each under its own name; a name that is taken gets `-2`, `-3` and so on. Resolves
 * with the copies' paths. Removes all copies when one fails (LabError) or the signal aborts.
 */
export async function copyParts(
  directories: readonly string[],
  out: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const copies = folderNames(directories).map((name) => path.join(out, name));
  let source = '';
  try {
    for (const [index, directory] of directories.entries()) {
      signal.throwIfAborted();
      source = directory;
      await cp(directory, copies[index] ?? '', {
        recursive: true,
        preserveTimestamps: true,
        errorOnExist: true,
        force: false,
        // Where the file system can, copies share their blocks.
        mode: constants.COPYFILE_FICLONE,
      });
    }
    return copies;
  } catch (cause) {
    await Promise.all(copies.map((copy) => rm(copy, { recursive: true, force: true })));
    signal.throwIfAborted();
    throw new LabError(
      `could not copy ${source} to ${out}: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
        hint: 'make room there, or choose another place with --out DIR',
      },
    );
  }
}

/** The last part of each path, with a number added to a name that is taken. */
export function folderNames(directories: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return directories.map((directory) => {
    const base = path.basename(directory) || 'part';
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base}-${String(number)}`;
    taken.add(name);
    return name;
  });
}
