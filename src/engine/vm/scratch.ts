import { chmod, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { scratchRoot } from '../cache/paths.js';
import { markOwner } from '../owner.js';

/** A private folder of one VM: sockets, keys, overlay. It says whose it is, so that `clean` can tell a leftover. */
export interface Scratch {
  readonly directory: string;
  remove(): Promise<void>;
}

/** Makes the folder; `id` must be unique among running VMs. */
export async function makeScratch(id: string): Promise<Scratch> {
  const root = scratchRoot();
  await mkdir(root, { recursive: true, mode: 0o700 });
  await chmod(root, 0o700);
  const directory = path.join(root, id);
  await mkdir(directory, { mode: 0o700 });
  await markOwner(directory);
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}
