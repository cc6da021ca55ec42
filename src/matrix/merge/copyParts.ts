import { constants } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../support/errors.js';

/** A directory and its copy, as absolute paths. */
export interface CopiedPart {
  readonly directory: string;
  readonly copy: string;
}

/**
 * Copies directories into `out`, one after the other, each under its own name; a name that is taken gets `-2`, `-3` and so on. Removes all
 * copies when one fails (LabError) or the signal aborts.
 */
export async function copyParts(
  directories: readonly string[],
  out: string,
  signal: AbortSignal,
): Promise<readonly CopiedPart[]> {
  const parts = namedParts(directories).map(({ directory, name }) => ({
    directory,
    copy: path.join(out, name),
  }));
  let source = '';
  try {
    for (const { directory, copy } of parts) {
      signal.throwIfAborted();
      source = directory;
      await cp(directory, copy, {
        recursive: true,
        preserveTimestamps: true,
        errorOnExist: true,
        force: false,
        // Where the file system can, copies share their blocks.
        mode: constants.COPYFILE_FICLONE,
      });
    }
    return parts;
  } catch (cause) {
    await Promise.all(parts.map(({ copy }) => rm(copy, { recursive: true, force: true })));
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

/** Each directory with the name of its copy: the last part of its path, with a number added to a name that is taken. */
export function namedParts(
  directories: readonly string[],
): readonly { readonly directory: string; readonly name: string }[] {
  const taken = new Set<string>();
  return directories.map((directory) => {
    const base = path.basename(directory) || 'part';
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base}-${String(number)}`;
    taken.add(name);
    return { directory, name };
  });
}
