import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** The file of a program in the first folder that has it, of those in a search path such as PATH; undefined: none of them has it. */
export function programFile(program: string, searchPath: string): string | undefined {
  return searchPath
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => path.join(folder, program))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
