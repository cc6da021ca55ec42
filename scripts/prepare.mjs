// npm runs this behind `npm install` in a clone, before it packs, and where it installs from a git URL: dist is not in the repository.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withLock } from './bootstrap/lock.mjs';
import { withTasks } from './bootstrap/withTasks.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Whether something is made of this folder that must not lack dist: a clone may, as long as nobody starts the program. */
const mustBeBuilt = process.argv.includes('--must') || process.env['npm_config_global'] === 'true';

async function main() {
  if (!existsSync(`${root}node_modules/tsx`) || !existsSync(`${root}node_modules/typescript`)) {
    // npm prepares a git URL by an install of its own, which wrongly is a global one too, and so has no tools and leaves a link behind.
    const next = mustBeBuilt
      ? 'make a package first, of a clone behind `npm ci` or of the git URL: `npm pack`, and install that'
      : 'to build it, `npm ci --include=dev`';
    process.stderr.write(`error: not built, for what builds it is not installed: ${next}\n`);
    return mustBeBuilt ? 2 : 0;
  }
  return withTasks(root, async (run, register) => {
    await register();
    const { ensureBuilt } = await import('./tasks/build.js');
    await withLock(`${root}.lvs-lab-bootstrap`, () => ensureBuilt(root, run));
    return 0;
  });
}

process.exitCode = await main();
