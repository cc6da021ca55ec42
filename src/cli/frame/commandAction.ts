/**
 * Wraps a command's function as an action for commander. What the function returns becomes the process's exit code: an ExitCode, or the
 * code of the command that `shell` ran.
 */
export type CommandAction = <Args extends readonly unknown[]>(
  command: (...args: Args) => Promise<number>,
) => (...args: Args) => Promise<void>;
