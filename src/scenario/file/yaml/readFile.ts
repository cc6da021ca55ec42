import type { Place } from '../../model/place.js';
import { NotReadError, readRegular } from '../../../support/files/readRegular.js';
import { messageOf } from '../../../support/errors.js';
import { encodingProblem } from './encoding.js';

/** The largest file that is read, in bytes: room for two of the longest texts of rules. A larger one is neither a scenario nor a file of rules. */
export const largestFile = 6 * 1024 * 1024;

/** The contents of a file; or why they cannot be read. */
export type FileContent = { readonly bytes: Buffer; readonly text: string } | FileProblem;

/** Why a file cannot be read, and where in the file that is, if it is in one place. */
export interface FileProblem {
  readonly problem: string;
  readonly at?: Place;
}

/**
 * Reads a file that its user wrote, and that should be `what`, `a scenario file` for example; what goes wrong with the file comes back as text, as
 * it is the user's to mend.
 */
export async function readTextFile(file: string, what: string): Promise<FileContent> {
  try {
    const bytes = await readRegular(file, largestFile);
    return encodingProblem(bytes) ?? { bytes, text: new TextDecoder('utf-8').decode(bytes) };
  } catch (error) {
    return { problem: reason(error, what) };
  }
}

function reason(error: unknown, what: string): string {
  if (error instanceof NotReadError) return error.message;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return `expected ${what}, found no such file`;
    case 'ENOTDIR':
      return `expected ${what}, found a file where a folder is in its path`;
    case 'ELOOP':
      return `expected ${what}, found a symbolic link that leads back to itself`;
    case 'EACCES':
      return 'expected a readable file, found one without read permission';
    default:
      return `cannot be read: ${messageOf(error)}`;
  }
}
