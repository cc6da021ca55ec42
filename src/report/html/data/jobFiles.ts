import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of a job's folder. */
export interface JobFile {
  /** Its path below the folder, with slashes. */
  readonly name: string;
  readonly bytes: number;
}

/** A page lists no more of them. A run writes some thirty; what else somebody has put there does not belong to it. */
const mostFiles = 200;

/** The files of a job's folder, as many as a page lists, sorted; undefined: there is no such folder. */
export async function jobFilesIn(directory: string): Promise<readonly JobFile[] | undefined> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return undefined;
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
  const files: JobFile[] = [];
  for (const name of names.slice(0, mostFiles)) {
    const found = await stat(join(directory, name)).catch(() => undefined);
    if (found !== undefined) files.push({ name, bytes: found.size });
  }
  return files;
}
