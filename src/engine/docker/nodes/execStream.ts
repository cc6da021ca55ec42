import type Docker from 'dockerode';
import type { Duplex } from 'node:stream';
import { LabError } from '../../../support/errors.js';

/** A command to start in a container. */
export interface ExecRequest {
  readonly container: string;
  readonly argv: readonly string[];
  /** Whether its standard input is connected. */
  readonly stdin: boolean;
}

/** A command in a container that this process is connected to. */
export interface ExecStream {
  /** Docker's id of it. */
  readonly id: string;
  /** Takes what the command reads, and gives what it writes in Docker's frames. */
  readonly stream: Duplex;
  /** What it wrote before this process was connected to it. */
  readonly before?: { readonly stdout: Buffer; readonly stderr: string };
  /** Asks the engine for its exit code. Rejects with LabError while the command is running. */
  readonly exitCode: () => Promise<number>;
}

/** Connects to a command. Rejects with what the client library says when the engine refuses to start it. */
export type OpenExec = (request: ExecRequest) => Promise<ExecStream>;

/** Starts commands by Docker's API. */
export function dockerExecs(docker: Docker): OpenExec {
  return async ({ container, argv, stdin }) => {
    const exec = await docker
      .getContainer(container)
      .exec({ Cmd: [...argv], AttachStdin: stdin, AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({ hijack: true, stdin });
    return { id: exec.id, stream, exitCode: () => execExitCode(exec) };
  };
}

/** Asks the engine for the exit code of a command that has ended. Rejects with LabError when it has not. */
export async function execExitCode(exec: Docker.Exec): Promise<number> {
  const { Running: running, ExitCode: code } = await exec.inspect();
  if (running || code === null) throw connectionLost();
  return code;
}

/** The error for a connection that ended while its command was running, for all that is known. */
export function connectionLost(): LabError {
  return new LabError('the connection to the engine ended before the command did');
}
