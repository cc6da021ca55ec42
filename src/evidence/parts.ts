import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Reads one file of a phase and parses it; undefined, with a problem noted that names the file, when either fails. */
export type ReadPart = <T>(name: string, parse: (bytes: Buffer) => T) => Promise<T | undefined>;

/** A reader of the files in `directory` that notes what it cannot read and goes on. */
export function partsOf(directory: string, note: (problem: string) => void): ReadPart {
  return async (name, parse) => {
    try {
      return parse(await readFile(join(directory, name)));
    } catch (error) {
      note(`${name}: ${describe(error)}`);
      return undefined;
    }
  };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && error.code === 'ENOENT' ? 'the file is missing.' : error.message;
}
