// `npm run release -- VERSION [FOLDER]`: makes all that a release consists of, and publishes nothing.
import { fileURLToPath } from 'node:url';
import { childRunner, Interrupted } from './bootstrap/children.mjs';
import { makeRelease } from './tasks/release.js';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const [version = '', folder = `${root}/release`] = process.argv.slice(2);
const children = childRunner(root, process);
try {
  await makeRelease({ root, version, folder, today: new Date(), run: children.run, print: console.log });
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof Interrupted ? error.exitCode : 2;
} finally {
  children.close();
}
