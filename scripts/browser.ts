// `npm run browser:find`: names the Chromium that tests of pages are run in. With `--install` Debian's is installed where there is none.
import { LabError } from '../src/support/errors.js';
import { browserProgram, installBrowser } from './tasks/browserProgram.js';

const searchPath = process.env['PATH'] ?? '';

try {
  if (process.argv.includes('--install')) await installBrowser(searchPath);
  process.stdout.write(`${browserProgram(searchPath)}\n`);
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  const hint = error.hint === undefined ? '' : `\n  ${error.hint}`;
  process.stderr.write(`error: ${error.message}${hint}\n`);
  process.exitCode = 2;
}
