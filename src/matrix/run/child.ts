import { execa } from 'execa';
import { createInterface } from 'node:readline';
import { LabError } from '../../support/errors.js';

/** A child process that runs this program. */
export interface ChildRequest {
  /** The arguments, without the program. */
  readonly argv: readonly string[];
  /** Called with each line that the child writes to stderr. */
  readonly line: (text: string) => void;
  /** When this aborts, the child is told to end (SIGTERM), and killed if it does not. */
  readonly signal: AbortSignal;
}

/** How the child ended: by itself with an exit code, or by a signal. */
export interface ChildEnd {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** Whether it had to be killed, because it did not end when told to. */
  readonly wasForced: boolean;
}

/** The script to start, and how long it may take to end. */
export interface Program {
  readonly file: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Seconds from SIGTERM to SIGKILL, in which the child's VM powers off. */
  readonly graceSeconds: number;
}

/** Variables of GitHub Actions that a child does not get: only the parent writes annotations and the summary, once. */
const parentsOwn = ['GITHUB_ACTIONS', 'GITHUB_STEP_SUMMARY'];

/**
 * Runs a script in a Node process of its own until it ends; its stdout is dropped. It has a process group of its own, so that a Ctrl-C in
 * the terminal reaches it once, through this process. The kernel tells it to end (SIGTERM) when this process is gone. Rejects with LabError
 * when it cannot be started, and with the signal's reason when that had aborted before.
 */
export async function runChild(program: Program, { argv, line, signal }: ChildRequest): Promise<ChildEnd> {
  signal.throwIfAborted();
  const { file, cwd, env, graceSeconds } = program;
  const child = execa('setpriv', ['--pdeathsig', 'TERM', '--', process.execPath, file, ...argv], {
    detached: true,
    cleanup: false,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    cwd,
    env: Object.fromEntries(Object.entries(env).filter(([name]) => !parentsOwn.includes(name))),
    extendEnv: false,
    cancelSignal: signal,
    forceKillAfterDelay: graceSeconds * 1000,
  });
  createInterface({ input: child.stderr }).on('line', line);
  const ended = await child;
  if (ended.exitCode === undefined && ended.signal === undefined) {
    throw new LabError('could not start a process for the jobs of a target', {
      cause: ended.cause,
      hint: '`setpriv` is needed, of the package util-linux',
    });
  }
  return { exitCode: ended.exitCode, signal: ended.signal, wasForced: ended.isForcefullyTerminated };
}
