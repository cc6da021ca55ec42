import { LabError, messageOf } from '../../support/errors.js';
import { makeFolder } from '../../support/files/makeFolder.js';
import { isOwnFolder } from './ownFolder.js';

/** The variable that says where a kept folder is. */
type Setting = 'XDG_CACHE_HOME' | 'XDG_DATA_HOME';

/**
 * Makes a folder of things that are kept, for this user alone, where it is not there yet. Rejects with LabError, naming the folder and the
 * setting that leads elsewhere, when it cannot be made or what is there is not this user's.
 */
export async function makeKeptFolder(directory: string, setting: Setting): Promise<void> {
  try {
    await makeFolder(directory, 0o700);
  } catch (cause) {
    throw new LabError(`could not make the folder ${directory}: ${messageOf(cause)}`, {
      hint: `point ${setting} at a folder that can be written to and has room`,
      cause,
    });
  }
  isOwnFolder(directory, 'kept');
}
