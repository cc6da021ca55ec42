import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shardFrom } from '../../../src/matrix/targets/autoShard.js';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { folder, lvsLab } from '../cli/harness.js';

const file = join(packageRoot, 'ci', 'slurm.sbatch');
const script = readFileSync(file, 'utf8');

/** What its program does, as shell commands; `$out` is where results go. */
const finishes = 'mkdir -p "$out"; echo "{}" >"$out/results.json"';

/** Runs the script as a task of an array would be, with a program that says what it was given; resolves with that, and the exit code. */
function task(
  cwd: string,
  variables: Readonly<Record<string, string>> = {},
  { does = finishes, scenarios = [] as readonly string[] } = {},
) {
  const bin = join(cwd, 'bin');
  mkdirSync(bin, { recursive: true });
  const program = `#!/bin/bash\nprintf '%s\\n' "$@" "cache $XDG_CACHE_HOME"; out=\${@: -1}; ${does}\n`;
  writeFileSync(join(bin, 'lvs-lab'), program, { mode: 0o755 });
  const env = {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    SLURM_SUBMIT_DIR: cwd,
    SLURM_ARRAY_JOB_ID: '17',
    SLURM_ARRAY_TASK_ID: '2',
    ...variables,
  };
  const { status, stdout } = spawnSync('bash', [file, ...scenarios], { encoding: 'utf8', env });
  return { code: status, said: stdout === '' ? [] : stdout.trim().split('\n') };
}

const below = (cwd: string): readonly string[] =>
  readdirSync(join(cwd, 'results', '17'), { recursive: true })
    .map(String)
    .sort();

describe('the example for Slurm', () => {
  it('runs a shard into a folder of the attempt, which becomes the shard’s in one step', () => {
    const cwd = folder();
    const { code, said } = task(cwd);
    const out = join(cwd, 'results', '17', 'attempts', '2.0');
    expect(said).toEqual([
      ...['run', 'close/*', '--engine', 'vm', '--shard', 'auto', '--out', out],
      `cache ${join(cwd, 'cache')}`,
    ]);
    expect(code).toBe(0);
    expect(below(cwd)).toEqual(['attempts', 'shards', 'shards/2', 'shards/2/results.json']);
    expect(task(folder(), { XDG_CACHE_HOME: '/fast' }).said.at(-1)).toBe('cache /fast');
  });

  it('runs the scenarios that were named', () => {
    const { said } = task(folder(), {}, { scenarios: ['cures/*', 'close/server first'] });
    expect(said.slice(0, 4)).toEqual(['run', 'cures/*', 'close/server first', '--engine']);
  });

  it('does nothing again when its node was lost after it was over: a shard that is there twice could not be merged', () => {
    const cwd = folder();
    task(cwd);
    expect(task(cwd, { SLURM_RESTART_COUNT: '1' })).toEqual({ code: 0, said: [] });
    expect(below(cwd)).not.toContain('attempts/2.1');
  });

  it('runs again, into another folder, what was not over', () => {
    const cwd = folder();
    expect(task(cwd, {}, { does: 'mkdir -p "$out"; kill -9 $$' }).code).toBe(137);
    expect(task(cwd, {}, { does: `${finishes}; exit 143` }).code).toBe(143);
    expect(below(cwd)).toEqual(['attempts', 'attempts/2.0', 'attempts/2.0/results.json', 'shards']);
    expect(task(cwd, { SLURM_RESTART_COUNT: '1' }).said).toContain(join(cwd, 'results/17/attempts/2.1'));
    expect(below(cwd)).toContain('shards/2/results.json');
  });

  it.each([1, 2, 3, 4, 5])(
    'ends with the exit code %i of its run, whose results are a shard’s all the same',
    (code) => {
      const cwd = folder();
      expect(task(cwd, {}, { does: `${finishes}; exit ${String(code)}` }).code).toBe(code);
      expect(below(cwd)).toContain('shards/2/results.json');
      // Where nothing was written there is nothing to be merged.
      expect(task(folder(), {}, { does: `exit ${String(code)}` }).code).toBe(code);
    },
  );

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
    const argv = task(folder()).said.slice(0, -3);
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
