import { LabError } from '../../src/support/errors.js';
import { programFile } from '../../src/support/programFile.js';
import { installCommand, installPackages } from '../../src/engine/debian/install.js';

/** The smallest of Debian's packages of Chromium, which has no windows and needs no libraries for them. */
const debianPackage = 'chromium-headless-shell';
/** Programs that are Chromium, whoever installed them. */
const programs = [debianPackage, 'chromium', 'chromium-browser', 'google-chrome'] as const;

/** The file of a Chromium on this machine. Throws LabError with the command that installs one. */
export function browserProgram(searchPath: string): string {
  const found = findBrowser(searchPath);
  if (found !== undefined) return found;
  throw new LabError(`no Chromium is installed, which tests the page of a run: ${programs.join(', ')}`, {
    hint: `on Debian type: ${installCommand([debianPackage])}`,
  });
}

/** Installs Debian's Chromium where there is none. Rejects with the command to type when that cannot be done. */
export async function installBrowser(searchPath: string): Promise<void> {
  if (findBrowser(searchPath) !== undefined) return;
  await installPackages([debianPackage], new AbortController().signal);
}

function findBrowser(searchPath: string): string | undefined {
  return programs.map((program) => programFile(program, searchPath)).find((file) => file !== undefined);
}
