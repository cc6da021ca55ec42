import type { IJob } from 'kubernetes-models/batch/v1';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { shardFrom } from '../../../src/matrix/targets/autoShard.js';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { folder, lvsLab } from '../cli/harness.js';

const file = join(packageRoot, 'ci', 'slurm.sbatch');
const script = readFileSync(file, 'utf8');

const job = parse(readFileSync(join(packageRoot, 'ci', 'kubernetes-job.yaml'), 'utf8')) as IJob;
const [container] = job.spec!.template.spec!.containers;

/** How a scheduler runs the task of a shard, for the first time or again. */
interface Scheduler {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env: (cwd: string, again: boolean) => Readonly<Record<string, string>>;
  /** The names of the two attempts. */
  readonly attempts: readonly [string, string];
}

const slurm: Scheduler = {
  name: 'Slurm',
  argv: ['bash', file],
  env: (cwd, again) => ({
    SLURM_SUBMIT_DIR: cwd,
    SLURM_ARRAY_JOB_ID: '17',
    SLURM_ARRAY_TASK_ID: '2',
    ...(again ? { SLURM_RESTART_COUNT: '1' } : {}),
  }),
  attempts: ['2.0', '2.1'],
};
const kubernetes: Scheduler = {
  name: 'Kubernetes',
  // What stands before it hands signals on.
  argv: [...(container?.command?.slice(3) ?? []), ...(container?.args ?? [])],
  env: (cwd, again) => ({
    RESULTS: join(cwd, 'results', '17'),
    XDG_CACHE_HOME: '/cache',
    JOB_COMPLETION_INDEX: '2',
    POD_NAME: again ? 'lvs-lab-2-fghij' : 'lvs-lab-2-abcde',
  }),
  attempts: ['lvs-lab-2-abcde', 'lvs-lab-2-fghij'],
};

/** What its program does, as shell commands; `$out` is where results go. */
const finishes = 'mkdir -p "$out"; echo "{}" >"$out/results.json"';

interface Task {
  readonly again?: boolean;
  readonly does?: string;
  readonly scenarios?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

/** The program and the environment of a task, with an `lvs-lab` that says what it was given. */
function prepared({ argv, env }: Scheduler, cwd: string, task: Task) {
  const { again = false, does = finishes, scenarios = [], variables = {} } = task;
  const bin = join(cwd, 'bin');
  mkdirSync(bin, { recursive: true });
  const program = `#!/bin/bash\nprintf '%s\\n' "$@" "cache $XDG_CACHE_HOME"; out=\${@: -1}; ${does}\n`;
  writeFileSync(join(bin, 'lvs-lab'), program, { mode: 0o755 });
  const [first = '', ...others] = [...argv, ...scenarios];
  const path = { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  return { program: first, args: others, env: { ...path, ...env(cwd, again), ...variables } };
}

/** Runs a task to its end; returns what the program was given, and the exit code. */
function task(scheduler: Scheduler, cwd: string, wanted: Task = {}) {
  const { program, args, env } = prepared(scheduler, cwd, wanted);
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', env });
  return { code: status, said: stdout === '' ? [] : stdout.trim().split('\n') };
}

const below = (cwd: string): readonly string[] =>
  readdirSync(join(cwd, 'results', '17'), { recursive: true })
    .map(String)
    .sort();

describe.each([slurm, kubernetes])('the example for $name', (scheduler) => {
  const [firstAttempt, secondAttempt] = scheduler.attempts;

  it('runs a shard into a folder of the attempt, which becomes the shard’s in one step', () => {
    const cwd = folder();
    const { code, said } = task(scheduler, cwd);
    const out = join(cwd, 'results', '17', 'attempts', firstAttempt);
    expect(said.slice(0, -1)).toEqual([
      ...['run', 'close/*', '--engine', 'vm', '--shard', 'auto', '--out', out],
    ]);
    expect(code).toBe(0);
    expect(below(cwd)).toEqual(['attempts', 'shards', 'shards/2', 'shards/2/results.json']);
  });

  it('does nothing again when its node was lost after it was over: a shard that is there twice could not be merged', () => {
    const cwd = folder();
    task(scheduler, cwd);
    expect(task(scheduler, cwd, { again: true })).toEqual({ code: 0, said: [] });
    expect(below(cwd)).not.toContain(`attempts/${secondAttempt}`);
  });

  it('runs again, into another folder, what was not over', () => {
    const cwd = folder();
    expect(task(scheduler, cwd, { does: 'mkdir -p "$out"; kill -9 $$' }).code).toBe(137);
    expect(task(scheduler, folder(), { does: `${finishes}; exit 143` }).code).toBe(143);
    expect(below(cwd)).toEqual(['attempts', `attempts/${firstAttempt}`, 'shards']);
    expect(task(scheduler, cwd, { again: true }).said).toContain(
      join(cwd, 'results/17/attempts', secondAttempt),
    );
    expect(below(cwd)).toContain('shards/2/results.json');
  });

  it('takes what a signal ended for no shard, though it has results', () => {
    const cwd = folder();
    task(scheduler, cwd, { does: `${finishes}; exit 143` });
    const attempt = `attempts/${firstAttempt}`;
    expect(below(cwd)).toEqual(['attempts', attempt, `${attempt}/results.json`, 'shards']);
  });

  it.each([1, 2, 3, 4, 5])(
    'ends with the exit code %i of its run, whose results are a shard’s all the same',
    (code) => {
      const cwd = folder();
      expect(task(scheduler, cwd, { does: `${finishes}; exit ${String(code)}` }).code).toBe(code);
      expect(below(cwd)).toContain('shards/2/results.json');
      // Where nothing was written there is nothing to be merged.
      const none = folder();
      expect(task(scheduler, none, { does: `exit ${String(code)}` }).code).toBe(code);
      expect(below(none)).toEqual(['shards']);
    },
  );
});

describe('the example for Kubernetes', () => {
  it('has signals reach the run, and waits for what becomes of it', async () => {
    expect(container?.command?.slice(0, 3)).toEqual(['tini', '-g', '--']);
    const cwd = folder();
    const ends = "trap 'touch ended; exit 143' TERM; touch begun; sleep 60 & wait; exit 0";
    const { program, args, env } = prepared(kubernetes, cwd, { does: `${finishes}; ${ends}` });
    const running = spawn(program, args, { env, cwd, detached: true, stdio: 'ignore' });
    const exited = once(running, 'exit');
    await expect.poll(() => existsSync(join(cwd, 'begun')), { timeout: 30_000 }).toBe(true);
    // As tini does.
    process.kill(-running.pid!, 'SIGTERM');
    expect(await exited).toEqual([143, null]);
    expect(existsSync(join(cwd, 'ended'))).toBe(true);
    expect(below(cwd)).not.toContain('shards/2');
  });
});

describe('the example for Slurm', () => {
  it('runs the scenarios that were named', () => {
    const { said } = task(slurm, folder(), { scenarios: ['cures/*', 'close/server first'] });
    expect(said.slice(0, 4)).toEqual(['run', 'cures/*', 'close/server first', '--engine']);
  });

  it('has a cache below the folder that it was submitted from, or where it is told', () => {
    const cwd = folder();
    expect(task(slurm, cwd).said.at(-1)).toBe(`cache ${join(cwd, 'cache')}`);
    expect(task(slurm, folder(), { variables: { XDG_CACHE_HOME: '/fast' } }).said.at(-1)).toBe('cache /fast');
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
    const argv = task(slurm, folder()).said.slice(0, -3);
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
