import { isUtf8 } from 'node:buffer';
import type { Place } from '../../model/place.js';
import { NotReadError, readRegular } from '../../../support/files/readRegular.js';
import { messageOf } from '../../../support/errors.js';

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
    return foreignByte(bytes) ?? { bytes, text: new TextDecoder('utf-8').decode(bytes) };
  } catch (error) {
    return { problem: reason(error, what) };
  }
}

/** The first byte that is not part of text in UTF-8, as a problem; undefined: all are. */
function foreignByte(bytes: Buffer): FileProblem | undefined {
  if (isUtf8(bytes)) return undefined;
  let line = 1;
  let start = 0;
  // No character but the line end itself has its byte in UTF-8, so each line can be looked at by itself.
  for (
    let end = bytes.indexOf(10);
    end >= 0 && isUtf8(bytes.subarray(start, end));
    end = bytes.indexOf(10, start)
  ) {
    line += 1;
    start = end + 1;
  }
  const rest = bytes.subarray(start);
  const [before = ''] = rest.toString('utf8').split('\ufffd');
  const byte = rest[Buffer.byteLength(before)] ?? 0;
  return {
    problem: `expected text in UTF-8, found the byte 0x${byte.toString(16)}; \`iconv -f LATIN1 -t UTF-8\` makes UTF-8 of a text in Latin-1`,
    at: { line, column: before.length + 1 },
  };
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
