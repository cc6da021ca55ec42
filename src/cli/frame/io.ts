import type { LeftBehind } from './leftBehind.js';

/** A stream that results or status go to. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** What the command line has of the world; the entry point takes it from the process, tests make their own. */
export interface Io {
  /** Results, and nothing else. */
  readonly stdout: Output;
  /** Status and errors. */
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /**
   * Aborts with an Interruption when the user wants it to stop. Signals are watched from the first look at this on: a command that has nothing to
   * clean up does not look, and is ended by them as any program is, whatever it is at.
   */
  readonly signal: AbortSignal;
  /** Told what happens, so that it can be said what may be left when somebody does not wait for the cleanup. */
  readonly left: LeftBehind;
  /** Sends a message to the process that started this one over IPC; undefined: nobody is listening. */
  readonly toParent: ((message: unknown) => void) | undefined;
}
