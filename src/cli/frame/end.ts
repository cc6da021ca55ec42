/** Called by a command's action with what the process is to end with: an ExitCode, or that of the command `shell` ran. */
export type End = (exitCode: number) => void;
