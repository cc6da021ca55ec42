import { spawnSync } from 'node:child_process';
import { installCommand, installPackages } from '../../src/engine/debian/install.js';
import { LabError } from '../../src/support/errors.js';
import { programFile } from '../../src/support/programFile.js';
import { shellFiles } from './shellFiles.js';

const program = 'shellcheck';

/** What checking takes. */
export interface ShellCheck {
  /** Below it all shell is checked. */
  readonly folder: string;
  /** Whether to install the program where it is not there. */
  readonly install: boolean;
  /** Where programs are, as PATH has it. */
  readonly searchPath: string;
  readonly print: (text: string) => void;
}

/** Holds all shell scripts below a folder against shellcheck; true when it has nothing to say. Throws LabError when it is not there, or no script is. */
export async function checkShell({ folder, install, searchPath, print }: ShellCheck): Promise<boolean> {
  if (programFile(program, searchPath) === undefined) {
    if (!install) {
      throw new LabError(`the program ${program}, which checks shell scripts, is not installed`, {
        hint: `on Debian or Ubuntu type: ${installCommand([program])}`,
      });
    }
    await installPackages([program], new AbortController().signal);
  }
  const files = shellFiles(folder);
  if (files.length === 0) throw new LabError(`there are no shell scripts below ${folder}`);
  // Sourced files are scripts of this folder as well.
  const { status, stdout, stderr, error } = spawnSync(program, ['--external-sources', '--', ...files], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: searchPath },
  });
  if (error !== undefined) throw new LabError(`could not run ${program}: ${error.message}`, { cause: error });
  print(`${stdout}${stderr}`);
  if (status === 0) print(`${String(files.length)} shell scripts, nothing to say of them\n`);
  return status === 0;
}
