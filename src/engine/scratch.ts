import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { scratchRoot } from './cache/paths.js';
import { LabError } from '../support/errors.js';
import { markOwner } from './owner.js';

/** A private folder of one VM: sockets, keys, overlay. It says whose it is, so that `clean` can tell a leftover. */
export interface Scratch {
  readonly directory: string;
  readonly remove: () => Promise<void>;
}

/** Makes the folder; `id` must be unique among running VMs. */
export async function makeScratch(id: string): Promise<Scratch> {
  const root = await ownScratchRoot();
  const directory = path.join(root, id);
  // A name with a dot until it has an owner: `clean` must not take it for a leftover.
  const unowned = path.join(root, `.${id}`);
  await mkdir(unowned, { mode: 0o700 });
  await markOwner(unowned);
  await rename(unowned, directory);
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}

/** Makes the parent of all these folders. Its place is known to all, so one that somebody else made is refused. */
async function ownScratchRoot(): Promise<string> {
  const root = scratchRoot();
  await mkdir(root, { recursive: true, mode: 0o700 });
  const { uid, mode } = await lstat(root);
  const isDirectory = (mode & 0o170000) === 0o040000;
  if (isDirectory && uid === process.getuid?.() && (mode & 0o077) === 0) return root;
  throw new LabError(`${root} is not a folder of this user's alone, and keys are to be kept in it`, {
    hint: `find out who made it, and remove it: rm -r ${root}`,
  });
}
