import { LabError } from '../support/errors.js';
import type { Session } from './session.js';
import { connectDocker } from './docker/connection.js';

export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WritableStream;
}

/** Runs a command in a node of a held lab, connected to this terminal if there is one; resolves with the command's exit code. */
export async function openShell(
  session: Session,
  node: string,
  argv: readonly string[],
  { stdin, stdout, stderr }: Terminal,
): Promise<number> {
  const container = session.nodes[node];
  if (container === undefined) {
    throw new LabError(
      `the lab ${session.runId} has no node ${node}, expected one of ${Object.keys(session.nodes).join(', ')}`,
    );
  }
  const docker = await connectDocker(session.connection);
  const interactive = stdin.isTTY && stdout.isTTY;
  const exec = await docker.getContainer(container).exec({
    Cmd: [...argv],
    AttachStdin: interactive,
    AttachStdout: true,
    AttachStderr: true,
    Tty: interactive,
  });
  const stream = await exec.start({ hijack: true, stdin: interactive, Tty: interactive });
  const ended = new Promise<void>((resolve) => stream.once('end', resolve).once('close', resolve));
  if (!interactive) {
    docker.modem.demuxStream(stream, stdout, stderr);
    await ended;
  } else {
    const resize = (): void => {
      void exec.resize({ h: stdout.rows, w: stdout.columns }).catch(() => undefined);
    };
    stdin.setRawMode(true);
    stdin.pipe(stream);
    stream.pipe(stdout, { end: false });
    stdout.on('resize', resize);
    resize();
    await ended;
    stdout.off('resize', resize);
    stdin.unpipe(stream);
    stdin.setRawMode(false);
    stdin.pause();
  }
  const { ExitCode: code } = await exec.inspect();
  return code ?? 1;
}
