import { lstat, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { LabError, messageOf } from '../../../support/errors.js';
import { defaultPlace } from '../../results/runDirectory.js';

/** The link below the folder of runs that leads to the last of them. */
export const latestName = 'latest';

/**
 * Makes `runs/latest` below the working directory lead to a run's directory, when that is beside it. Throws LabError when it cannot be made, or
 * something else has its name.
 */
export async function linkLatest(cwd: string, directory: string): Promise<void> {
  const place = resolve(cwd, defaultPlace);
  if (dirname(directory) !== place) return;
  const link = join(place, latestName);
  const fresh = join(place, `.${latestName}-${String(process.pid)}`);
  try {
    const found = await lstat(link).catch(() => undefined);
    if (found !== undefined && !found.isSymbolicLink()) throw new Error('it is there, and no link');
    await rm(fresh, { force: true });
    await symlink(basename(directory), fresh);
    // In one step: nobody finds it missing.
    await rename(fresh, link);
  } catch (cause) {
    await rm(fresh, { force: true }).catch(() => undefined);
    throw new LabError(`could not make ${link} lead to this run: ${messageOf(cause)}`, {
      cause,
      hint: 'the run is not affected; name its directory, which is printed at its end',
    });
  }
}
