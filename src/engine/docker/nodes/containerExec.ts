import type Docker from 'dockerode';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { shellQuote } from '../../../support/quote.js';
import type { Pace } from '../../../support/patience.js';
import { withDeadline } from '../../../support/wait.js';
import type { ExecOptions, ExecResult, RunningCommand } from '../../port/port.js';
import { dockerExecs, type ExecRequest, type OpenExec } from './execStream.js';

/** Starts a command in a container and splits its output into two streams. */
export async function startExec(
  docker: Docker,
  open: OpenExec,
  request: ExecRequest,
): Promise<RunningCommand> {
  const { stream, before, exitCode } = await open(request);
  const stdout = new PassThrough({ highWaterMark: 16 << 20 });
  const errors = new PassThrough();
  const stderr = collect(errors);
  if (before !== undefined) {
    stdout.write(before.stdout);
    errors.write(before.stderr);
  }
  docker.modem.demuxStream(stream, stdout, errors);
  const done = finished(stream, { writable: false })
    .catch(() => undefined)
    .then(async () => {
      stdout.end();
      errors.end();
      return exitCode();
    });
  done.catch(() => undefined);
  return { ...(request.stdin && { stdin: stream }), stdout, stderr: () => stderr.text, done };
}

/** Runs a command to its end; a non-zero exit code is a result, not an error. With `input`, standard input stays open after that text. */
export async function runExec(
  docker: Docker,
  container: string,
  argv: readonly string[],
  { seconds, input, pace }: ExecOptions & { readonly pace?: Pace | undefined },
): Promise<ExecResult> {
  const what = `\`${shellQuote(argv)}\` in ${container}`;
  const run = async (): Promise<ExecResult> => {
    const command = await startExec(docker, dockerExecs(docker), {
      container,
      argv,
      stdin: input !== undefined,
    });
    // It is told how much there is: over TLS there is no end of input without an end of output.
    command.stdin?.write(input ?? '');
    const [stdout, exitCode] = await Promise.all([text(command.stdout), command.done]);
    command.stdin?.end();
    // Docker reports a missing program on standard output, with 126 or 127.
    return { exitCode, stdout, stderr: command.stderr() };
  };
  return withDeadline(what, run(), seconds, { pace });
}

function collect(stream: PassThrough): { readonly text: string } {
  const state = { text: '' };
  stream.on('data', (chunk: Buffer) => (state.text += chunk.toString()));
  return state;
}
