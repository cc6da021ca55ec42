import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Somebody asked us to stop; `exitCode` is 128 + the signal's number. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`interrupted by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/**
 * Runs a program to its end and gives its exit code; throws Interrupted when a signal ended it, or us.
 * @typedef {(command: string, args: readonly string[]) => Promise<number>} Run
 */

/**
 * What tells of signals: the process.
 * @typedef {object} SignalSource
 * @property {(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void) => unknown} on
 * @property {(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void) => unknown} off
 */

/** @type {readonly NodeJS.Signals[]} */
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs children one at a time, with our terminal, and passes signals on to them: they clean up, then we end.
 * @param {string} cwd
 * @param {SignalSource} signals
 * @returns {{ run: Run, close: () => void }}
 */
export function childRunner(cwd, signals) {
  /** @type {{ child?: import('node:child_process').ChildProcess | undefined, received?: NodeJS.Signals }} */
  const state = {};
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    state.received = signal;
    state.child?.kill(signal);
  };
  const stopIfInterrupted = () => {
    if (state.received !== undefined) throw new Interrupted(state.received);
  };
  for (const signal of forwarded) signals.on(signal, forward);

  /** @type {Run} */
  const run = async (command, args) => {
    stopIfInterrupted();
    state.child = spawn(command, args, { cwd, stdio: 'inherit' });
    const ended = await exitOf(state.child, command);
    state.child = undefined;
    stopIfInterrupted();
    if (typeof ended === 'number') return ended;
    if (forwarded.includes(ended)) throw new Interrupted(ended);
    return 128 + constants.signals[ended];
  };
  const close = () => {
    for (const signal of forwarded) signals.off(signal, forward);
  };
  return { run, close };
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} command
 * @returns {Promise<number | NodeJS.Signals>}
 */
function exitOf(child, command) {
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      reject(new Error(`could not start \`${command}\`: ${error.message}`, { cause: error }));
    });
    child.on('exit', (code, signal) => {
      resolve(code ?? signal ?? 1);
    });
  });
}
