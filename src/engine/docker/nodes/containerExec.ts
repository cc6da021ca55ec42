import type Docker from 'dockerode';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { LabError } from '../../../support/errors.js';
import { shellQuote } from '../../../support/quote.js';
import { withDeadline } from '../../../support/wait.js';
import type { ExecOptions, ExecResult, RunningCommand } from '../../port/port.js';

/** Starts a command in a container and splits its output into two streams. */
export async function startExec(
  docker: Docker,
  container: string,
  argv: readonly string[],
  { stdin }: { readonly stdin: boolean } = { stdin: false },
): Promise<RunningCommand> {
  const exec = await docker
    .getContainer(container)
    .exec({ Cmd: [...argv], AttachStdin: stdin, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ hijack: true, stdin });
  const stdout = new PassThrough({ highWaterMark: 16 << 20 });
  const errors = new PassThrough();
  docker.modem.demuxStream(stream, stdout, errors);
  const stderr = collect(errors);
  const done = finished(stream, { writable: false })
    .catch(() => undefined)
    .then(async () => {
      stdout.end();
      errors.end();
      return exitCodeOf(exec);
    });
  done.catch(() => undefined);
  return { ...(stdin && { stdin: stream }), stdout, stderr: () => stderr.text, done };
}

/** Runs a command to its end; a non-zero exit code is a result, not an error. With `input`, standard input stays open after that text. */
export async function runExec(
  docker: Docker,
  container: string,
  argv: readonly string[],
  { seconds, input }: ExecOptions,
): Promise<ExecResult> {
  const what = `\`${shellQuote(argv)}\` in ${container}`;
  const run = async (): Promise<ExecResult> => {
    const command = await startExec(docker, container, argv, { stdin: input !== undefined });
    // It is told how much there is: over TLS there is no end of input without an end of output.
    command.stdin?.write(input ?? '');
    const [stdout, exitCode] = await Promise.all([text(command.stdout), command.done]);
    command.stdin?.end();
    // Docker reports a missing program on standard output, with 126 or 127.
    return { exitCode, stdout, stderr: command.stderr() };
  };
  return withDeadline(what, run(), seconds);
}

async function exitCodeOf(exec: Docker.Exec): Promise<number> {
  const { Running: running, ExitCode: code } = await exec.inspect();
  if (running || code === null)
    throw new LabError('the connection to the engine ended before the command did');
  return code;
}

function collect(stream: PassThrough): { readonly text: string } {
  const state = { text: '' };
  stream.on('data', (chunk: Buffer) => (state.text += chunk.toString()));
  return state;
}
