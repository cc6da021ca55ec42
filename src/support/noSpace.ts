import { LabError } from './errors.js';

/** A folder that something is written to, and what a user sets to have it written elsewhere. */
export interface Room {
  readonly directory: string;
  /** `--out DIR`, `TMPDIR`, ... */
  readonly setting: string;
}

/** Whether a write failed for want of room: a full disk, or a quota. Looks at what caused the error too. */
export function isNoSpace(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' || isNoSpace(error.cause);
}

/** What to do about it, by what may be full: one sentence. */
export function roomHint(rooms: readonly Room[]): string {
  const places = rooms.map(({ directory, setting }) => `${directory} (${setting})`).join(' or ');
  const settings = rooms.map(({ setting }) => setting).join(' or ');
  return `free some space in ${places}, or name a place with more room with ${settings}`;
}

/** The error for a write that failed for want of room: where, and what names another place. */
export function noSpaceError(what: string, room: Room, cause: unknown): LabError {
  return new LabError(`no space left on the disk of ${room.directory} for ${what}`, {
    hint: roomHint([room]),
    cause,
  });
}
