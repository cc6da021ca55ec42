import { childRunner, Interrupted } from './children.mjs';

/**
 * Does what needs the tasks, which are written in TypeScript; says what went wrong, and passes signals on to what runs.
 * @param {string} root the repository
 * @param {(run: import('./children.mjs').Run, register: () => Promise<void>) => Promise<number>} work `register` lets TypeScript be imported; tsx has to be installed
 * @returns {Promise<number>} exit code
 */
export async function withTasks(root, work) {
  const children = childRunner(root, process);
  try {
    return await work(children.run, async () => {
      const { register } = await import('tsx/esm/api');
      register();
    });
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode;
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  } finally {
    children.close();
  }
}
