import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a folder and those above it that are missing, each of them for this user alone when `mode` says so. Rejects with the system's error. Node's
 * own `recursive` never comes back where the system has no such folder and will not have one either, such as below /proc.
 */
export async function makeFolder(directory: string, mode = 0o777): Promise<void> {
  const missing: string[] = [];
  for (let folder = path.resolve(directory); !(await isThere(folder)); folder = path.dirname(folder)) {
    missing.unshift(folder);
  }
  for (const folder of missing) {
    await mkdir(folder, { mode }).catch((error: unknown) => {
      // Somebody else was faster.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
  // Something else in its place has been taken for it so far.
  if (!(await stat(directory)).isDirectory()) {
    throw Object.assign(new Error(`ENOTDIR: not a directory, mkdir '${directory}'`), { code: 'ENOTDIR' });
  }
}

/** Whether something exists at the path; the root always does. */
async function isThere(folder: string): Promise<boolean> {
  try {
    await stat(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
