import { ensureInstalled } from './bootstrap/install.mjs';
import { withLock } from './bootstrap/lock.mjs';
import { withTasks } from './bootstrap/withTasks.mjs';

/**
 * Installs the packages that are not there yet, and with them what runs TypeScript; then does the task, which is written in it.
 * @param {string} root the repository
 * @param {'repro' | 'test'} name
 * @param {string[]} rest arguments for the task
 * @returns {Promise<number>} exit code
 */
export async function startTask(root, name, rest) {
  const lock = `${root}.lvs-lab-bootstrap`;
  return withTasks(root, async (run, register) => {
    await withLock(lock, () => ensureInstalled(root, run));
    await register();
    const { runTask } = await import('./tasks/task.js');
    return runTask({ name, root, lock, rest }, run);
  });
}
