import { constants } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../support/errors.js';

/**
 * Copies directories into `out`, one after the other, each under its own name, or with `-2` ... behind it where two have the same. Gives
 * where each is now. What was copied is gone again when one cannot be, or the signal aborts.
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

/** The last part of each path, made different where two are alike. */
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
