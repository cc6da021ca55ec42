import { ensureBuilt } from './build.mjs';
import { childRunner, Interrupted } from './children.mjs';
import { ensureInstalled } from './install.mjs';
import { withLock } from './lock.mjs';
import { repro } from './repro.mjs';
import { testEverything } from './testEverything.mjs';

/**
 * Installs and builds what is not there yet, then does the task.
 * @param {string} root the repository
 * @param {'repro' | 'test'} task
 * @param {string[]} rest arguments for the task
 * @returns {Promise<number>} exit code
 */
export async function startTask(root, task, rest) {
  const children = childRunner(root, process);
  try {
    await withLock(`${root}.lvs-lab-bootstrap`, async () => {
      await ensureInstalled(root, children.run);
      // The tests bring their own: a build that fails must not keep the other checks from running.
      if (task === 'repro') await ensureBuilt(root, children.run);
    });
    if (task === 'repro') return await repro(root, rest, children.run);
    const build = () => withLock(`${root}.lvs-lab-bootstrap`, () => ensureBuilt(root, children.run));
    return await testEverything({ run: children.run, build, print: console.log });
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode;
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  } finally {
    children.close();
  }
}
