import { execa } from 'execa';
import { createInterface } from 'node:readline';
import { LabError } from '../../support/errors.js';

/** A child process that runs this program. */
export interface ChildRequest {
  /** Without the program. */
  readonly argv: readonly string[];
  /** Told each line that it writes to stderr. */
  readonly line: (text: string) => void;
  /** Aborted: it is told to end (SIGTERM), and killed when it does not. */
  readonly signal: AbortSignal;
}

/** How it ended: by itself, or by a signal. */
export interface ChildEnd {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** It was told to end, did not, and was killed. */
  readonly wasForced: boolean;
}

/** What to start, and how long to wait for its end. */
export interface Program {
  readonly file: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Seconds from SIGTERM to SIGKILL: its VM is to power off in them. */
  readonly graceSeconds: number;
}

/** Of a job of GitHub Actions: its annotations and summary are the parent's to write, once. */
const parentsOwn = ['GITHUB_ACTIONS', 'GITHUB_STEP_SUMMARY'];

/**
 * Runs a script in a Node process of its own to its end, whatever that is; its stdout is dropped. Its process group is its own, so that
 * Ctrl-C in the terminal comes to it once, through us, and it is told to end (SIGTERM) when this process is gone. Rejects with LabError
 * when it cannot be started, and with the signal's reason when that has aborted before.
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
