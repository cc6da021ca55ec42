import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlink } from 'node:fs/promises';
import { LabError } from '../../src/support/errors.js';
import { hostCommand } from '../../src/support/exec.js';
import { waitFor } from '../../src/support/wait.js';

/** A network namespace with an /sys of its own, which is there for as long as its process. */
export class Namespace implements AsyncDisposable {
  private constructor(private readonly anchor: ChildProcess) {}

  /** Rejects with LabError for who is not root. */
  static async create(): Promise<Namespace> {
    const anchor = spawn('unshare', ['--net', '--mount', 'sleep', 'infinity'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await once(anchor, 'spawn');
    const namespace = new Namespace(anchor);
    try {
      await namespace.#isThere();
      // It shows the interfaces of its own.
      await namespace.run('mount -t sysfs sysfs /sys');
      await namespace.run('ip link set lo up');
      return namespace;
    } catch (error) {
      await namespace[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The process that holds it. */
  get pid(): string {
    return String(this.anchor.pid);
  }

  /** The command line that runs `argv` in it. */
  readonly enter = (argv: readonly string[]): readonly string[] => {
    return ['nsenter', '--target', this.pid, '--net', '--mount', ...argv];
  };

  /** Runs a command of words parted by blanks; resolves with its output. */
  run(command: string): Promise<string> {
    return hostCommand(this.enter(command.split(' ')), {
      purpose: 'set up a network namespace',
      seconds: 10,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.anchor.exitCode !== null || this.anchor.signalCode !== null) return;
    const gone = once(this.anchor, 'exit');
    this.anchor.kill('SIGKILL');
    await gone;
  }

  async #isThere(): Promise<void> {
    const mine = await readlink('/proc/self/ns/mnt');
    await waitFor(
      'a network namespace',
      async () => {
        if (this.anchor.exitCode !== null) {
          throw new LabError('could not make a network namespace', { hint: 'run this as root' });
        }
        const its = await readlink(`/proc/${this.pid}/ns/mnt`).catch(() => mine);
        return its === mine ? undefined : true;
      },
      { seconds: 10, everyMs: 10 },
    );
  }
}
