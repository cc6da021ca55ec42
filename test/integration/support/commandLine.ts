import { spawn, type ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { packageRoot } from '../../../src/support/packageRoot.js';

export interface Finished {
  /** 128 + the signal's number where one ended it, as a shell has it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves when standard error has a text, or matches. */
  readonly saw: (wanted: RegExp | string) => Promise<void>;
}

/** The built command line. */
export const main = path.join(packageRoot, 'dist', 'cli', 'main.js');

/** Starts the built command line, as a user has it. */
export function startCli(argv: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = tmpdir()): Running {
  const child = spawn(process.execPath, [main, ...argv], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const watchers: { readonly wanted: RegExp | string; readonly resolve: () => void }[] = [];
  const has = (wanted: RegExp | string): boolean =>
    typeof wanted === 'string' ? stderr.includes(wanted) : wanted.test(stderr);
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    for (const { wanted, resolve } of watchers) if (has(wanted)) resolve();
  });
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (code, signal) => {
      const bySignal = signal === 'SIGKILL' ? 137 : signal === 'SIGTERM' ? 143 : 130;
      resolve({ exitCode: code ?? bySignal, stdout, stderr });
    });
  });
  return {
    child,
    finished,
    saw: (wanted) =>
      Promise.race([
        new Promise<void>((resolve) => {
          if (has(wanted)) resolve();
          watchers.push({ wanted, resolve });
        }),
        finished.then(() => {
          throw new Error(`lvs-lab ended before it said ${String(wanted)}:\n${stderr}`);
        }),
      ]),
  };
}

/** Runs the built command line to its end. */
export function cli(argv: readonly string[], env: NodeJS.ProcessEnv = {}, cwd?: string): Promise<Finished> {
  return startCli(argv, env, cwd).finished;
}

/** Holds how a command ended against what is expected; where it ended otherwise the failure shows all that it said. */
export function expectExit({ exitCode, stdout, stderr }: Finished, expected: number): void {
  expect(exitCode, `${stderr}\n${stdout}`).toBe(expected);
}

/** Process ids of the QEMUs whose sockets are in one of this user's VM folders, and which folder. */
export async function runningVms(): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const folder = /qemu-system[^]*?(\/[^\0,]*\/lvs-lab-\d+\/[0-9a-f]+)\/qmp/.exec(line)?.[1];
    if (folder !== undefined) found.set(Number(pid), folder);
  }
  return found;
}

/** Folders of VMs and sessions of this user, living or left over. */
export async function scratchFolders(): Promise<readonly string[]> {
  return readdir(path.join(tmpdir(), `lvs-lab-${String(userInfo().uid)}`)).catch(() => []);
}
