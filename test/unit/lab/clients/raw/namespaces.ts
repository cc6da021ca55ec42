import { execFile, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect } from 'vitest';

const run = promisify(execFile);

/** Whoever is not root gets a user namespace in which he is. */
const isRoot = process.getuid?.() === 0;

/** A network namespace of its own, which is there for as long as this is not disposed. */
export class Namespace implements AsyncDisposable {
  readonly #anchor: ChildProcess;

  private constructor(anchor: ChildProcess) {
    this.#anchor = anchor;
  }

  /** `beside`: a namespace of the same user, so that the two can be joined. Rejects with what is missing on this machine. */
  static async create(beside?: Namespace): Promise<Namespace> {
    const user = isRoot || beside !== undefined ? [] : ['--user', '--map-root-user'];
    const argv = ['unshare', ...user, '--net', 'sleep', 'infinity'];
    const [program = '', ...rest] = beside === undefined ? argv : [...beside.#enter([]), ...argv];
    const anchor = spawn(program, rest, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    anchor.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    anchor.on('error', (error) => (said += error.message));
    const mine = await readlink('/proc/self/ns/net');
    const others = beside === undefined ? mine : await readlink(`/proc/${beside.pid}/ns/net`);
    await expect
      .poll(
        async () => {
          if (said !== '') throw new Error(`no network namespace can be made here: ${said}`);
          return await readlink(`/proc/${anchor.pid}/ns/net`).catch(() => mine);
        },
        { timeout: 5000, message: 'a network namespace of its own' },
      )
      .not.toSatisfy((found: string) => found === mine || found === others);
    return new Namespace(anchor);
  }

  get pid(): number {
    return this.#anchor.pid ?? 0;
  }

  /** Runs a command line of the shell; resolves with its output. */
  async run(command: string): Promise<string> {
    const [program = '', ...argv] = this.#enter(['sh', '-c', command]);
    return (await run(program, argv)).stdout;
  }

  start(argv: readonly string[], options: SpawnOptions = {}): ChildProcess {
    const [program = '', ...rest] = this.#enter(argv);
    return spawn(program, rest, options);
  }

  /** Ends the namespace; its interfaces go with it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#anchor, 'exit');
    this.#anchor.kill('SIGKILL');
    await gone;
  }

  #enter(argv: readonly string[]): string[] {
    const user = isRoot ? [] : ['--user', '--preserve-credentials'];
    return ['nsenter', '--target', String(this.pid), ...user, '--net', ...argv];
  }
}
