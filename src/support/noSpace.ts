import { LabError } from './errors.js';

/** A folder that is written to, and the setting by which a user chooses another one. */
export interface WriteLocation {
  readonly directory: string;
  /** The setting's name, such as `--out DIR` or `TMPDIR`. */
  readonly setting: string;
}

/** Whether a write failed because a disk or quota is full; causes of the error are looked at too. */
export function isNoSpace(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' || isNoSpace(error.cause);
}

/** What to do about a full disk, as one sentence that names the folders it may be. */
export function roomHint(rooms: readonly WriteLocation[]): string {
  const places = rooms.map(({ directory, setting }) => `${directory} (${setting})`).join(' or ');
  const settings = rooms.map(({ setting }) => setting).join(' or ');
  return `free some space in ${places}, or name a place with more room with ${settings}`;
}

/** The error for a write that failed because a disk or quota is full: where, and which setting names another place. */
export function noSpaceError(what: string, room: WriteLocation, cause: unknown): LabError {
  return new LabError(`no space left on the disk of ${room.directory} for ${what}`, {
    hint: roomHint([room]),
    cause,
  });
}
