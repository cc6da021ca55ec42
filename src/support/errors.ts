/** Exit codes of the process; `--help` and the README list them. */
export const ExitCode = {
  ok: 0,
  verdictFailed: 1,
  labBroke: 2,
  inconclusive: 3,
  nothingRan: 4,
  usage: 5,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

interface LabErrorOptions {
  /** What the reader can do about it: one imperative sentence, or a command to paste. */
  readonly hint?: string;
  /** Output worth seeing: a command's stderr, the tail of a console. Shown indented below the message. */
  readonly details?: string;
  readonly cause?: unknown;
}

/**
 * An error that is shown to the user: what was expected, what was found, where, and what to do next. `exitCode` is the process's exit code
 * when nothing handles the error.
 */
export class LabError extends Error {
  readonly exitCode: ExitCode = ExitCode.labBroke;
  readonly hint: string | undefined;
  readonly details: string | undefined;

  constructor(message: string, options: LabErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
    this.details = options.details;
  }
}

/** The user asked for something that cannot be: bad flag, unknown scenario, invalid file. Exit code 5. */
export class UsageError extends LabError {
  override readonly exitCode = ExitCode.usage;
}

/** The message of an error; for a thrown value that is no error, its text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
