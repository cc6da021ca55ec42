import { spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../../scripts/tasks/build.js';
import { childRunner, Interrupted } from '../../../scripts/bootstrap/children.mjs';
import { ensureInstalled } from '../../../scripts/bootstrap/install.mjs';
import { withLock } from '../../../scripts/bootstrap/lock.mjs';
import { nodeVersionProblem } from '../../../scripts/bootstrap/nodeVersion.mjs';
import { repro } from '../../../scripts/tasks/repro.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lvs-lab-bootstrap-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Pretends to run npm: makes the folder that it would make. */
function npm(folder: string, code = 0) {
  const calls: string[] = [];
  const run = (command: string, args: readonly string[]) => {
    calls.push([command, ...args].join(' '));
    rmSync(join(root, folder), { recursive: true, force: true });
    if (code === 0) mkdirSync(join(root, folder));
    return Promise.resolve(code);
  };
  return { calls, run };
}

describe('the Node version', () => {
  it.each(['20.19.0', '20.20.2', '21.0.0', '24.1.0'])('%s will do', (version) => {
    expect(nodeVersionProblem(version, '>=20.19')).toBeUndefined();
  });

  it.each(['20.18.9', '18.20.0', '8.0.0'])('%s is too old', (version) => {
    expect(nodeVersionProblem(version, '>=20.19')).toBe(
      `expected Node 20.19 or newer, found ${version}: install a newer Node and try again`,
    );
  });
});

describe('installing', () => {
  it('happens when the lock file changed, and not otherwise', async () => {
    const { calls, run } = npm('node_modules');
    writeFileSync(join(root, 'package-lock.json'), '{}');
    await ensureInstalled(root, run);
    await ensureInstalled(root, run);
    expect(calls).toEqual(['npm ci --ignore-scripts --no-fund --no-audit --loglevel=error']);
    writeFileSync(join(root, 'package-lock.json'), '{ "changed": true }');
    await ensureInstalled(root, run);
    expect(calls).toHaveLength(2);
  });

  it('is tried again after it failed', async () => {
    writeFileSync(join(root, 'package-lock.json'), '{}');
    await expect(ensureInstalled(root, npm('node_modules', 7).run)).rejects.toThrow('exit code 7');
    const { calls, run } = npm('node_modules');
    await ensureInstalled(root, run);
    expect(calls).toHaveLength(1);
  });
});

describe('building', () => {
  it('happens when a source changed, came or went, and not otherwise', async () => {
    const { calls, run } = npm('dist');
    mkdirSync(join(root, 'src/cli'), { recursive: true });
    writeFileSync(join(root, 'src/cli/main.ts'), '1');
    await ensureBuilt(root, run);
    await ensureBuilt(root, run);
    expect(calls).toEqual(['npm run --silent build']);
    writeFileSync(join(root, 'src/cli/main.ts'), '2');
    await ensureBuilt(root, run);
    writeFileSync(join(root, 'src/cli/other.ts'), '2');
    await ensureBuilt(root, run);
    rmSync(join(root, 'src/cli/other.ts'));
    await ensureBuilt(root, run);
    expect(calls).toHaveLength(4);
  });

  it.each(['lab/clients/kernel', 'lab/clients/raw'])('builds when an agent in %s changes', async (folder) => {
    const { calls, run } = npm('dist');
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, 'main.ts'), '1');
    await ensureBuilt(root, run);
    await ensureBuilt(root, run);
    expect(calls).toHaveLength(1);
    writeFileSync(join(root, folder, 'main.ts'), '2');
    await ensureBuilt(root, run);
    expect(calls).toHaveLength(2);
  });
});

describe('the lock', () => {
  it('lets one in at a time and leaves nothing behind', async () => {
    const path = join(root, 'lock');
    let inside = 0;
    let most = 0;
    const work = () =>
      withLock(path, async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setTimeout(resolve, 10));
        inside -= 1;
      });
    await Promise.all([work(), work(), work()]);
    expect(most).toBe(1);
    expect(readdirSync(root)).toEqual([]);
  });

  it('is taken over from a process that died holding it', async () => {
    const path = join(root, 'lock');
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    mkdirSync(path);
    writeFileSync(join(path, 'pid'), String(pid));
    expect(await withLock(path, () => Promise.resolve('mine'))).toBe('mine');
    expect(existsSync(path)).toBe(false);
  });

  it('is released when the work fails', async () => {
    const path = join(root, 'lock');
    await expect(withLock(path, () => Promise.reject(new Error('npm failed')))).rejects.toThrow('npm failed');
    expect(readdirSync(root)).toEqual([]);
  });
});

describe('children', () => {
  it('give their exit code', async () => {
    const { run, close } = childRunner(root, new EventEmitter());
    expect(await run(process.execPath, ['-e', 'process.exit(3)'])).toBe(3);
    close();
  });

  it('get our signals, and nothing is started after one', async () => {
    const signals = new EventEmitter();
    const { run } = childRunner(root, signals);
    const started = join(root, 'started');
    const script = `process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000);
      require('fs').writeFileSync(${JSON.stringify(started)}, '')`;
    const running = run(process.execPath, ['-e', script]);
    while (!existsSync(started)) await new Promise((resolve) => setTimeout(resolve, 20));
    signals.emit('SIGTERM', 'SIGTERM');
    await expect(running).rejects.toMatchObject({ exitCode: 143 });
    await expect(run(process.execPath, ['-e', ''])).rejects.toBeInstanceOf(Interrupted);
  });

  it('run side by side where what they write is kept, and each tells it when it has ended', async () => {
    const { run, close } = childRunner(root, new EventEmitter());
    const met = join(root, 'met');
    // The first ends when the second has been there.
    const waiting = `const fs = require('fs'); console.error('1');
      const timer = setInterval(() => { if (fs.existsSync(${JSON.stringify(met)})) { console.log('2'); clearInterval(timer); } }, 20)`;
    const meeting = `require('fs').writeFileSync(${JSON.stringify(met)}, ''); console.log('3'); process.exit(4)`;
    const told: string[] = [];
    const kept = (script: string) =>
      run(process.execPath, ['-e', script], (output) => void told.push(output));
    expect(await Promise.all([kept(waiting), kept(meeting)])).toEqual([0, 4]);
    expect(told.toSorted()).toEqual(['1\n2\n', '3\n']);
    close();
  });

  it('that run side by side all get our signals', async () => {
    const signals = new EventEmitter();
    const { run } = childRunner(root, signals);
    const both = ['a', 'b'].map((name) => join(root, name));
    const script = (
      started: string,
    ) => `process.on('SIGINT', () => process.exit(0)); setInterval(() => {}, 1000);
      require('fs').writeFileSync(${JSON.stringify(started)}, '')`;
    const running = both.map((started) => run(process.execPath, ['-e', script(started)], () => undefined));
    while (!both.every((started) => existsSync(started)))
      await new Promise((resolve) => setTimeout(resolve, 20));
    signals.emit('SIGINT', 'SIGINT');
    for (const one of await Promise.allSettled(running))
      expect(one).toMatchObject({ status: 'rejected', reason: { exitCode: 130 } });
  });

  it('that cannot be started are named', async () => {
    const { run } = childRunner(root, new EventEmitter());
    await expect(run('/no/such/npm', [])).rejects.toThrow('could not start `/no/such/npm`');
  });
});

describe('npm run repro', () => {
  const record = (doctor: number) => {
    const calls: string[] = [];
    const run = (_node: string, args: readonly string[]) => {
      calls.push(args.slice(1).join(' '));
      return Promise.resolve(args[1] === 'doctor' ? doctor : 1);
    };
    return { calls, run };
  };

  it('prepares the machine, then runs the bad and the fixed rules and ends as they did', async () => {
    const { calls, run } = record(0);
    expect(await repro('/r', ['--kernel', 'debian:trixie'], run)).toBe(1);
    expect(calls).toEqual([
      'doctor --install --quiet',
      'run close/server-first close/server-first-fixed --kernel debian:trixie',
    ]);
  });

  it('prepares only for the engine asked for', async () => {
    const spaced = record(0);
    await repro('/r', ['--json', '--engine', 'local'], spaced.run);
    expect(spaced.calls[0]).toBe('doctor --install --quiet --engine local');
    const joined = record(0);
    await repro('/r', ['--engine=vm', '--json'], joined.run);
    expect(joined.calls[0]).toBe('doctor --install --quiet --engine=vm');
  });

  it('stops when the machine cannot be prepared', async () => {
    const { calls, run } = record(2);
    expect(await repro('/r', [], run)).toBe(2);
    expect(calls).toEqual(['doctor --install --quiet']);
  });
});
