import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from './errors.js';
import { durationText } from './duration.js';

/** Something did not happen in time. The machine may be to blame: code that knows which deadline passed adds a hint. */
export class DeadlineError extends LabError {}

/** How long to wait, in seconds, and how often to look. */
export interface WaitOptions {
  readonly seconds: number;
  /** Pause between two looks, in milliseconds. */
  readonly everyMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Looks once; undefined: not yet. `observed` records what was seen, for the message at the deadline. */
export type Probe<T> = (observed: (what: string) => void) => T | undefined | Promise<T | undefined>;

/**
 * Polls `probe` until it gives something other than undefined, and returns that. Rejects with DeadlineError at the deadline (also while a
 * probe hangs), with the signal's reason when aborted, and with the probe's own error as soon as it throws one.
 */
export async function waitFor<T>(what: string, probe: Probe<T>, options: WaitOptions): Promise<T> {
  const polled = await poll(what, probe, options);
  if ('late' in polled) throw polled.late;
  return polled.found;
}

/** Polls like `waitFor`, but resolves with undefined at the deadline, for callers to whom that is an answer too. */
export async function waitAtMost<T>(
  what: string,
  probe: Probe<T>,
  options: WaitOptions,
): Promise<T | undefined> {
  const polled = await poll(what, probe, options);
  return 'late' in polled ? undefined : polled.found;
}

type Polled<T> = { readonly found: T } | { readonly late: DeadlineError };

async function poll<T>(what: string, probe: Probe<T>, options: WaitOptions): Promise<Polled<T>> {
  const { seconds, everyMs = 100, signal } = options;
  signal?.throwIfAborted();
  let seen = 'nothing yet';
  const note = (observed: string) => {
    seen = observed;
  };
  const over = new AbortController();
  const looks = async (): Promise<T> => {
    for (;;) {
      const found = await probe(note);
      if (found !== undefined) return found;
      await sleep(everyMs, undefined, { signal: over.signal });
    }
  };
  let timeUp: DeadlineError | undefined;
  const late = () =>
    (timeUp = new DeadlineError(`waited ${durationText(seconds, 'set')} for ${what}; last seen: ${seen}`));
  try {
    return { found: await beforeDeadline(abortable(looks(), signal), seconds, late) };
  } catch (error) {
    if (timeUp === undefined || error !== timeUp) throw error;
    return { late: timeUp };
  } finally {
    over.abort();
  }
}

/** Settles as `promise` does, or rejects with a DeadlineError naming `what` after `seconds`. The work itself is not stopped. */
export function withDeadline<T>(what: string, promise: Promise<T>, seconds: number): Promise<T> {
  return beforeDeadline(
    promise,
    seconds,
    () =>
      new DeadlineError(
        `expected ${what} to end within ${durationText(seconds, 'set')}; it was still going on`,
      ),
  );
}

/** Settles as `promise` does, or rejects with the signal's reason as soon as it aborts. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}

async function beforeDeadline<T>(
  promise: Promise<T>,
  seconds: number,
  late: () => DeadlineError,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(late());
    }, seconds * 1000);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
