import { join } from 'node:path';

/**
 * The bug with the bad rules, and its absence with the good ones.
 * @param {string} root
 * @param {string[]} rest more arguments for `lvs-lab run`
 * @param {import('./children.mjs').Run} run
 * @returns {Promise<number>} exit code
 */
export async function repro(root, rest, run) {
  const cli = join(root, 'dist', 'cli', 'main.js');
  const prepared = await run(process.execPath, [
    cli,
    'doctor',
    '--install',
    '--quiet',
    ...engineOption(rest),
  ]);
  if (prepared !== 0) return prepared;
  return run(process.execPath, [cli, 'run', 'close/server-first', 'close/server-first-fixed', ...rest]);
}

/**
 * `--engine X` or `--engine=X` of the run, so that only what that engine needs is installed.
 * @param {string[]} rest
 * @returns {string[]}
 */
function engineOption(rest) {
  const at = rest.findIndex((word) => word === '--engine' || word.startsWith('--engine='));
  if (at === -1) return [];
  return rest.slice(at, rest[at] === '--engine' ? at + 2 : at + 1);
}
