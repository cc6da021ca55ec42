import { execa, ExecaError } from 'execa';
import { createInterface } from 'node:readline';
import { LabError } from './errors.js';
import { type WriteLocation, roomHint } from './noSpace.js';
import { shellQuote } from './quote.js';
import { durationText } from './duration.js';

export interface HostCommandOptions {
  /** What the command is for, as the end of the sentence "could not ...": `make the guest's root file system`. */
  readonly purpose: string;
  /** Seconds after which the command is killed. */
  readonly seconds: number;
  readonly cwd?: string;
  /** Text for its standard input. */
  readonly input?: string;
  /** A file to read as its standard input. */
  readonly inputFile?: string;
  /** A file to write its standard output to; the text is not returned then. */
  readonly outputFile?: string;
  /** True: the kernel ends the command when this process is gone, even by SIGKILL. Meant for commands that run long and write much. */
  readonly tied?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Folders that it writes to, to name when a disk is full; left out: the cache. */
  readonly rooms?: readonly WriteLocation[];
  readonly signal?: AbortSignal | undefined;
  /** Called with each line of its output as it comes. */
  readonly onLine?: (line: string) => void;
}

const detailLines = 40;
/** Milliseconds that a command has to end by itself when nobody wants it any more: a user who pressed Ctrl-C waits. */
const lastMs = 1000;

/**
 * Runs a program of the host to its end and returns its standard output.
 * Rejects with a LabError that carries the pasteable command line and the end of its output, or with the signal's reason.
 */
export async function hostCommand(argv: readonly string[], options: HostCommandOptions): Promise<string> {
  const tied = options.tied ? ['setpriv', '--pdeathsig', 'TERM', '--', ...argv] : argv;
  const [file, ...args] = tied as [string, ...string[]];
  const execaOptions = {
    ...stdinOf(options),
    timeout: options.seconds * 1000,
    forceKillAfterDelay: lastMs,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    // mke2fs and depmod are in folders that a user's PATH may lack.
    env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, ...options.env },
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  } as const;
  try {
    if (options.outputFile !== undefined) {
      const stdout = { file: options.outputFile };
      await execa(file, args, { ...execaOptions, stdout, buffer: { stdout: false } });
      return '';
    }
    const running = execa(file, args, { ...execaOptions, all: true });
    const { onLine } = options;
    if (onLine !== undefined) createInterface({ input: running.all }).on('line', onLine);
    return (await running).stdout;
  } catch (error) {
    // Told to stop: that the command was ended is no failure of its own.
    options.signal?.throwIfAborted();
    throw commandError(argv, options, error);
  }
}

function stdinOf({ input, inputFile }: HostCommandOptions) {
  if (inputFile !== undefined) return { inputFile };
  return input === undefined ? { stdin: 'ignore' as const } : { input };
}

/** The command line as it can be pasted into a shell. */
function commandLine(argv: readonly string[], { inputFile, outputFile }: HostCommandOptions): string {
  const from = inputFile === undefined ? '' : ` <${shellQuote([inputFile])}`;
  return `${shellQuote(argv)}${from}${outputFile === undefined ? '' : ` >${shellQuote([outputFile])}`}`;
}

function commandError(argv: readonly string[], options: HostCommandOptions, error: unknown): LabError {
  const message = `could not ${options.purpose}`;
  if (!(error instanceof ExecaError)) return new LabError(message, { cause: error });
  // What went to a file is not among it.
  const { all, stderr } = error as { readonly all?: unknown; readonly stderr?: unknown };
  const output = ((all ?? stderr ?? '') as string).trimEnd();
  const details = [`$ ${commandLine(argv, options)}`, ...output.split('\n').slice(-detailLines)].join('\n');
  // 127 is how setpriv says the same.
  if (isNotThere(error) || (options.tied && error.exitCode === 127)) {
    return new LabError(`${message}: the program \`${argv[0] ?? ''}\` is not installed`, {
      hint: 'run `lvs-lab doctor` to see what is missing and how to install it',
      details,
      cause: error,
    });
  }
  if (/No space left on device|Disk quota exceeded/i.test(output)) {
    return new LabError(`${message}: no space left on the device`, {
      hint:
        options.rooms === undefined
          ? 'free some disk space (`lvs-lab clean --cache` removes what the lab keeps) or point XDG_CACHE_HOME at a larger disk'
          : roomHint(roomsMeant(output, options.rooms)),
      details,
      cause: error,
    });
  }
  const how = error.timedOut
    ? `did not end within ${durationText(options.seconds, 'set')}`
    : error.signal === undefined
      ? `ended with exit code ${String(error.exitCode)}`
      : `was ended by ${error.signal}`;
  return new LabError(`${message}: \`${argv[0] ?? ''}\` ${how}`, { details, cause: error });
}

/** Whether a command failed because its program is not installed. */
export function isProgramMissing(error: unknown): boolean {
  return error instanceof LabError && isNotThere(error.cause);
}

function isNotThere(error: unknown): boolean {
  return error instanceof ExecaError && error.code === 'ENOENT';
}

/** The folders that the complaining lines of the output mention; all of them when no line mentions any. */
function roomsMeant(output: string, rooms: readonly WriteLocation[]): readonly WriteLocation[] {
  const complaints = output.split('\n').filter((line) => /No space left|quota exceeded/i.test(line));
  const named = rooms.filter(({ directory }) => complaints.some((line) => line.includes(directory)));
  return named.length > 0 ? named : rooms;
}
