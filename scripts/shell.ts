// `npm run shell`: all shell scripts of the repository against shellcheck. With `--install` that is installed where it is not there.
import { fileURLToPath } from 'node:url';
import { LabError } from '../src/support/errors.js';
import { checkShell } from './tasks/checkShell.js';

try {
  const isClean = await checkShell({
    folder: fileURLToPath(new URL('..', import.meta.url)),
    install: process.argv.includes('--install'),
    searchPath: process.env['PATH'] ?? '',
    print: (text) => process.stdout.write(text),
  });
  process.exitCode = isClean ? 0 : 1;
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  const hint = error.hint === undefined ? '' : `\n  ${error.hint}`;
  process.stderr.write(`error: ${error.message}${hint}\n`);
  process.exitCode = 2;
}
