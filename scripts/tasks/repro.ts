import { join } from 'node:path';
import type { Run } from '../bootstrap/children.mjs';

/**
 * The bug with the bad rules, and its absence with the good ones. `rest` is more arguments for `lvs-lab run`. Gives the exit code.
 */
export async function repro(root: string, rest: readonly string[], run: Run): Promise<number> {
  const cli = join(root, 'dist', 'cli', 'main.js');
  const prepare = ['doctor', '--install', '--quiet', ...engineOption(rest)];
  const prepared = await run(process.execPath, [cli, ...prepare]);
  if (prepared !== 0) return prepared;
  return run(process.execPath, [cli, 'run', 'close/server-first', 'close/server-first-fixed', ...rest]);
}

/** `--engine X` or `--engine=X` of the run, so that only what that engine needs is installed. */
function engineOption(rest: readonly string[]): readonly string[] {
  const at = rest.findIndex((word) => word === '--engine' || word.startsWith('--engine='));
  if (at === -1) return [];
  return rest.slice(at, rest[at] === '--engine' ? at + 2 : at + 1);
}
