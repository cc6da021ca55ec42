import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs';
import path from 'node:path';
import { LabError } from '../../support/errors.js';
import { shellQuote } from '../../support/quote.js';

/**
 * How strictly a folder has to belong to this user. `private`: a real folder, not a link, that nobody else can look into, because it is
 * where others may put things. `kept`: it may be a link to a larger disk and others may read it, but nobody else may write to it.
 */
export type Ownership = 'private' | 'kept';

/** A folder that has been checked to belong to this user. */
export interface OwnFolder extends Disposable {
  /** A path that leads to the checked folder until this is disposed, even if something else takes the folder's place. */
  readonly path: string;
}

/**
 * Opens a folder and checks that it belongs to this user; undefined: there is no such folder. Throws LabError, naming the folder as
 * `shown`, when it does not.
 */
export function openOwnFolder(
  directory: string,
  ownership: Ownership,
  shown = directory,
): OwnFolder | undefined {
  let handle: number;
  try {
    handle = openSync(directory, flagsFor(ownership));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    // What is no folder, and a link where none may be, the system refuses so.
    const found = code === 'ENOTDIR' || code === 'ELOOP' ? 'something else than a folder' : message;
    throw refusal(shown, ownership, `it is ${found}`, error);
  }
  const problem = problemOf(fstatSync(handle), ownership);
  if (problem !== undefined) {
    closeSync(handle);
    throw refusal(shown, ownership, problem);
  }
  return {
    path: `/proc/${String(process.pid)}/fd/${String(handle)}`,
    [Symbol.dispose]: () => {
      closeSync(handle);
    },
  };
}

/** Whether a folder exists. Throws like `openOwnFolder` when it does not belong to this user. */
export function isOwnFolder(directory: string, ownership: Ownership): boolean {
  using folder = openOwnFolder(directory, ownership);
  return folder !== undefined;
}

function flagsFor(ownership: Ownership): number {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  return O_RDONLY | O_DIRECTORY | (ownership === 'private' ? O_NOFOLLOW : 0);
}

function problemOf({ uid, mode }: Stats, ownership: Ownership): string | undefined {
  const own = process.getuid?.();
  // Who is root can do anything to this user's folders as it is.
  if (uid !== own && !(ownership === 'kept' && uid === 0)) {
    return `it belongs to the user with id ${String(uid)}, and this is ${String(own)}`;
  }
  const open = ownership === 'private' ? 0o077 : 0o022;
  if ((mode & open) === 0) return undefined;
  return `its mode is ${(mode & 0o7777).toString(8)}, so that others may ${ownership === 'private' ? 'get at it' : 'write to it'}`;
}

function refusal(directory: string, ownership: Ownership, problem: string, cause?: unknown): LabError {
  const name = path.resolve(directory);
  const quoted = shellQuote([name]);
  const hint =
    ownership === 'private'
      ? `find out who made it, and remove it: rm -r ${quoted}`
      : `make it this user's alone (chown, chmod go-w ${quoted}), or name another place with XDG_CACHE_HOME or XDG_DATA_HOME`;
  return new LabError(`expected ${name} to be a folder of this user's alone: ${problem}`, { hint, cause });
}
