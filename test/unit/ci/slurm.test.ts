import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shardFrom } from '../../../src/matrix/targets/autoShard.js';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { folder, lvsLab } from '../cli/harness.js';

const file = join(packageRoot, 'ci', 'slurm.sbatch');
const script = readFileSync(file, 'utf8');

/** Runs the script as a task of an array would be, with a program that says what it was given. */
function task(variables: Readonly<Record<string, string>>): readonly string[] {
  const cwd = folder();
  mkdirSync(join(cwd, 'bin'));
  writeFileSync(join(cwd, 'bin', 'lvs-lab'), `#!/bin/sh\nprintf '%s\\n' "$@" "cache $XDG_CACHE_HOME"\n`);
  chmodSync(join(cwd, 'bin', 'lvs-lab'), 0o755);
  const env = {
    PATH: `${join(cwd, 'bin')}:${process.env['PATH'] ?? ''}`,
    SLURM_SUBMIT_DIR: '/shared',
    SLURM_ARRAY_JOB_ID: '17',
    SLURM_ARRAY_TASK_ID: '2',
    ...variables,
  };
  return execFileSync('bash', [file], { encoding: 'utf8', env }).trim().split('\n');
}

describe('the example for Slurm', () => {
  it('runs a shard into a folder of the task, and again into another', () => {
    const first = task({});
    expect(first).toEqual([
      ...['run', 'close/*', '--engine', 'vm', '--shard', 'auto', '--out', '/shared/results/17/2.0'],
      'cache /shared/cache',
    ]);
    expect(task({ SLURM_RESTART_COUNT: '1' })).toContain('/shared/results/17/2.1');
    expect(task({ XDG_CACHE_HOME: '/fast' }).at(-1)).toBe('cache /fast');
  });

  it('is an array of which each task is one shard, and all of them the whole', async () => {
    const [, first = '', last = ''] = /^#SBATCH --array=(\d+)-(\d+)$/m.exec(script) ?? [];
    const count = Number(last) - Number(first) + 1;
    const shards = Array.from({ length: count }, (_, index) =>
      shardFrom({
        SLURM_ARRAY_TASK_ID: String(Number(first) + index),
        SLURM_ARRAY_TASK_MIN: first,
        SLURM_ARRAY_TASK_MAX: last,
        SLURM_ARRAY_TASK_COUNT: String(count),
      }),
    );
    expect(shards.map(({ index, of }) => `${String(index)}/${String(of)}`)).toEqual([
      '1/4',
      '2/4',
      '3/4',
      '4/4',
    ]);
    const argv = task({}).slice(0, -3);
    const env = { SLURM_ARRAY_TASK_ID: '2', SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_COUNT: '4' };
    expect((await lvsLab([...argv, '--list'], undefined, { env })).code).toBe(0);
    expect((await lvsLab([...argv, '--list'], undefined, { env: {} })).code).toBe(5);
  });

  it('asks for what makes a lost task run again', () => {
    const directives = script.split('\n').filter((line) => line.startsWith('#SBATCH '));
    expect(directives).toContain('#SBATCH --requeue');
    // What stands behind the first command is no directive any more.
    expect(script.indexOf('#SBATCH --output')).toBeLessThan(script.indexOf('\nset -euo'));
  });
});
