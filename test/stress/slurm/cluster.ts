import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const script = path.join(import.meta.dirname, 'cluster.sh');

export type SlurmNode = 'node1' | 'node2';

/** A real Slurm with two nodes, in namespaces of its own; all of it ends with this object, or with the process that made it. */
export class SlurmCluster implements AsyncDisposable {
  private constructor(
    private readonly folder: string,
    private readonly outer: ChildProcess,
    /** The first process in the namespaces, as this machine counts. */
    private readonly first: string,
    private readonly ended: Promise<void>,
  ) {}

  /** Starts the daemons, which keep their files in a folder, and waits until both nodes take jobs. */
  static async start(folder: string): Promise<SlurmCluster> {
    const namespaces = ['--net', '--mount', '--uts', '--ipc', '--pid'];
    const argv = ['KILL', 'unshare', ...namespaces, '--fork', '--kill-child=KILL', 'bash', script, folder];
    const outer = spawn('setpriv', ['--pdeathsig', ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    let printed = '';
    outer.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-20_000)));
    const ended = new Promise<void>((resolve) =>
      outer.on('close', () => {
        resolve();
      }),
    );
    const up = new Promise<void>((resolve) => {
      outer.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        if (/^up$/m.test(printed)) resolve();
      });
    });
    const failed = ended.then(() => Promise.reject(new Error(`no Slurm came up:\n${said}`)));
    // Once it is up, its end is whoever ended it's to know.
    failed.catch(() => undefined);
    await Promise.race([up, failed]);
    const children = await readFile(`/proc/${outer.pid}/task/${outer.pid}/children`, 'utf8');
    const cluster = new SlurmCluster(folder, outer, children.trim(), ended);
    try {
      // The first job waits for both nodes.
      const { exitCode, stderr } = await Promise.race([cluster.run(['srun', '--nodes=2', 'true']), failed]);
      if (exitCode !== 0) throw new Error(`srun ended with ${String(exitCode)}: ${stderr}`);
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw new Error(`no job came through a new Slurm: ${String(error)}\n${said}`, { cause: error });
    }
  }

  /** Runs a command where Slurm is, to its end. */
  run(
    argv: readonly string[],
    { cwd = this.folder, env = {} }: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
  ): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> {
    const enter = [`--target=${this.first}`, '--net', '--mount', '--uts', '--ipc', '--pid', `--wd=${cwd}`];
    const all = { ...process.env, ...env, SLURM_CONF: path.join(this.folder, 'slurm.conf') };
    return new Promise((resolve) => {
      execFile('nsenter', [...enter, ...argv], { env: all }, (error, stdout, stderr) => {
        resolve({
          exitCode: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1,
          stdout,
          stderr,
        });
      });
    });
  }

  /** Takes a node away as a power failure does: nothing on it does anything any more. */
  async lose(node: SlurmNode): Promise<void> {
    const pid = (await readFile(path.join(this.folder, `${node}.pid`), 'utf8')).trim();
    await this.run(['kill', '-KILL', pid]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.outer.kill('SIGKILL');
    await this.ended;
  }
}
