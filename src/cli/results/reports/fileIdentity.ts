import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Which file of this machine a path leads to, whatever its name is: hard links to one file have the same. */
export interface FileIdentity {
  /** Device and inode. */
  readonly key: string;
  /** How many names the file has. */
  readonly names: bigint;
}

/** The identity of a regular file; undefined: the path leads to none. */
export async function fileIdentity(file: string): Promise<FileIdentity | undefined> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  if (found?.isFile() !== true) return undefined;
  return { key: `${found.dev}:${found.ino}`, names: found.nlink };
}

/** The identities of regular files: of one itself, or of all that are in a folder, however deep. What cannot be read has none. */
export async function keysBelow(path: string): Promise<ReadonlySet<string>> {
  const below = await readdir(path, { recursive: true }).catch(() => []);
  const found = await Promise.all([path, ...below.map((name) => join(path, name))].map(fileIdentity));
  return new Set(found.flatMap((one) => one?.key ?? []));
}
