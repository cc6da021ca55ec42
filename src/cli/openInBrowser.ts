import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { LabError } from '../support/errors.js';
import { programFile } from '../support/programFile.js';

const opener = 'xdg-open';

/** Opens a file with the program that this desktop has for its kind, which goes on by itself. Rejects when there is no desktop, or it opens nothing. */
export async function openInBrowser(file: string, searchPath: string): Promise<void> {
  const hint = `open it yourself: ${pathToFileURL(file).href}`;
  const program = programFile(opener, searchPath);
  if (program === undefined) {
    throw new LabError(`could not open the page: the program ${opener} is not installed`, { hint });
  }
  const child = spawn(program, [file], { detached: true, stdio: 'ignore' });
  const code = await new Promise<number | null>((ended, failed) => {
    child.on('error', failed);
    child.on('exit', ended);
  });
  if (code !== 0) {
    throw new LabError(`could not open the page: ${opener} ended with exit code ${String(code)}`, { hint });
  }
}
