import { type Run } from '../bootstrap/children.mjs';
import { withLock } from '../bootstrap/lock.mjs';
import { ensureBuilt } from './build.js';
import { repro } from './repro.js';
import { testEverything } from './testEverything.js';

/** What `npm run` was asked for. */
export interface Task {
  readonly name: 'repro' | 'test';
  /** The repository. */
  readonly root: string;
  /** Taken while something is installed or built. */
  readonly lock: string;
  /** Arguments for the task. */
  readonly rest: readonly string[];
}

/** Does a task once the packages are installed, and gives its exit code. */
export async function runTask({ name, root, lock, rest }: Task, run: Run): Promise<number> {
  const build = (): Promise<void> => withLock(lock, () => ensureBuilt(root, run));
  if (name === 'test') return testEverything({ run, build, print: console.log });
  await build();
  return repro(root, rest, run);
}
