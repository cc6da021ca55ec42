import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { scratchRoot } from './paths.js';
import { LabError } from '../../support/errors.js';
import { makeFolder } from '../../support/files/makeFolder.js';
import { isOwnFolder } from './ownFolder.js';
import { markOwner, ownerTag } from './owner.js';

/**
 * A private folder of one VM for its sockets, keys and overlay. A file in it says which process it belongs to, so that `clean` can
 * recognise what was left.
 */
export interface Scratch {
  readonly directory: string;
  readonly remove: () => Promise<void>;
}

/** Makes the folder; `id` must be unique among running VMs. */
export async function makeScratch(id: string): Promise<Scratch> {
  const root = await ownScratchRoot();
  const directory = path.join(root, id);
  // Until the file that says whose it is has been written, the name says so: `clean` can tell a killed run's from a starting one's.
  const unowned = path.join(root, `.partial-${await ownerTag()}-${id}`);
  try {
    await mkdir(unowned, { mode: 0o700 });
    await markOwner(unowned);
    await rename(unowned, directory);
  } catch (error) {
    await rm(unowned, { recursive: true, force: true });
    throw noPlace(directory, error);
  }
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}

/** Makes the parent of all these folders. Its path is well known, so a folder that somebody else made there is refused. */
async function ownScratchRoot(): Promise<string> {
  const root = scratchRoot();
  await makeFolder(root, 0o700).catch((cause: unknown) => {
    // What is there instead is looked at below.
    if ((cause as NodeJS.ErrnoException).code !== 'ENOTDIR') throw noPlace(root, cause);
  });
  if (!isOwnFolder(root, 'private')) throw noPlace(root);
  return root;
}

function noPlace(root: string, cause?: unknown): LabError {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return new LabError(`could not make the folder ${root} for a VM's or a lab's own files${why}`, {
    hint: 'point TMPDIR at a folder that can be written to and has room',
    cause,
  });
}
