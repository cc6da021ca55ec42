import { childRunner, Interrupted } from './bootstrap/children.mjs';
import { ensureInstalled } from './bootstrap/install.mjs';
import { withLock } from './bootstrap/lock.mjs';

/**
 * Installs the packages that are not there yet, and with them what runs TypeScript; then does the task, which is written in it.
 * @param {string} root the repository
 * @param {'repro' | 'test'} name
 * @param {string[]} rest arguments for the task
 * @returns {Promise<number>} exit code
 */
export async function startTask(root, name, rest) {
  const children = childRunner(root, process);
  const lock = `${root}.lvs-lab-bootstrap`;
  try {
    await withLock(lock, () => ensureInstalled(root, children.run));
    const { register } = await import('tsx/esm/api');
    register();
    const { runTask } = await import('./tasks/task.js');
    return await runTask({ name, root, lock, rest }, children.run);
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode;
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  } finally {
    children.close();
  }
}
