/**
 * Makes the action that commander calls of what a command does: what that gives is what the process ends with, an ExitCode, or the exit code
 * of the command that `shell` ran.
 */
export type Ending = <Args extends readonly unknown[]>(
  command: (...args: Args) => Promise<number>,
) => (...args: Args) => Promise<void>;
