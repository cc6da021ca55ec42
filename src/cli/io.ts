/** A stream that results or status go to. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** What the command line has of the world; the entry point takes it from the process, tests make their own. */
export interface Io {
  /** Results, and nothing else. */
  readonly stdout: Output;
  /** Status and errors. */
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Aborts with an Interruption when the user wants it to stop. */
  readonly signal: AbortSignal;
  /** Sends a message to the process that started this one over IPC; undefined: nobody is listening. */
  readonly toParent: ((message: unknown) => void) | undefined;
}
