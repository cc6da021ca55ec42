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
 * Runs a program to its end and gives its exit code; throws Interrupted when a signal ended it, or us. It has our terminal, or, where
 * several run at once, no input, and `tell` is given all that it wrote when it has ended.
 * @typedef {(command: string, args: readonly string[], tell?: (output: string) => void) => Promise<number>} Run
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
 * Runs children, and passes signals on to them: they clean up, then we end.
 * @param {string} cwd
 * @param {SignalSource} signals
 * @returns {{ run: Run, close: () => void }}
 */
export function childRunner(cwd, signals) {
  /** @type {{ children: Set<import('node:child_process').ChildProcess>, received?: NodeJS.Signals }} */
  const state = { children: new Set() };
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    state.received = signal;
    for (const child of state.children) child.kill(signal);
  };
  const stopIfInterrupted = () => {
    if (state.received !== undefined) throw new Interrupted(state.received);
  };
  for (const signal of forwarded) signals.on(signal, forward);

  /** @type {Run} */
  const run = async (command, args, tell) => {
    stopIfInterrupted();
    const child = spawn(command, args, {
      cwd,
      stdio: tell === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    state.children.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        output += text;
      });
    const ended = await endOf(child, command).finally(() => state.children.delete(child));
    tell?.(output);
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
function endOf(child, command) {
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      reject(new Error(`could not start \`${command}\`: ${error.message}`, { cause: error }));
    });
    // Behind the last of what it wrote.
    child.on('close', (code, signal) => {
      resolve(code ?? signal ?? 1);
    });
  });
}
