import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Processes that do nothing but take processors, until they are disposed of or this process is gone. */
export class BusyLoops implements AsyncDisposable {
  private constructor(private readonly loops: readonly ChildProcess[]) {}

  static async start(count: number): Promise<BusyLoops> {
    // There is no end to that file.
    const argv = ['--pdeathsig', 'KILL', '--', 'sha256sum', '/dev/zero'];
    const loops = Array.from({ length: count }, () => spawn('setpriv', argv, { stdio: 'ignore' }));
    await Promise.all(loops.map((loop) => once(loop, 'spawn')));
    return new BusyLoops(loops);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = this.loops.map((loop) => once(loop, 'exit'));
    for (const loop of this.loops) loop.kill('SIGKILL');
    await Promise.all(gone);
  }
}
