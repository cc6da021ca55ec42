import type { PossibleLeftovers } from './possibleLeftovers.js';

/** A stream that results or status go to. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** Where keys come from, if it is a terminal. */
export interface Input {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
  on(event: 'data', listener: (typed: Buffer | string) => void): unknown;
  off(event: 'data', listener: (typed: Buffer | string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** The command line's view of its process: streams, environment and signals. The entry point makes it, and tests make their own. */
export interface Io {
  /** Takes results and nothing else. */
  readonly stdout: Output;
  /** Takes status and errors. */
  readonly stderr: Output;
  /** Undefined: no keys can be read. */
  readonly stdin?: Input;
  /** Does what Ctrl-C does, for a terminal that leaves all keys to the program; undefined: nobody can. */
  readonly interrupt?: () => void;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /**
   * Aborts with an Interruption when the user wants the command to stop. Reading this property starts watching for signals: a command
   * without anything to clean up does not read it, and signals end it like any other program.
   */
  readonly signal: AbortSignal;
  /** Follows the events of a run, to tell what may be left behind when the user does not wait for the cleanup. */
  readonly left: PossibleLeftovers;
  /** Sends a message to the parent process over IPC; undefined: the parent does not listen. */
  readonly toParent: ((message: unknown) => void) | undefined;
}
