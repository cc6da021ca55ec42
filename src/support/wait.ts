import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from './errors.js';
import { Patience, type Pace } from './patience.js';

/** Something did not happen in time. The machine may be to blame: code that knows which deadline passed adds a hint. */
export class DeadlineError extends LabError {}

/** How long to wait, and how often to look. */
export interface WaitOptions {
  /** Seconds without progress at the pace of who is waited for; see Patience. */
  readonly seconds: number;
  /** The pace of who is waited for; left out: nobody measures it. */
  readonly pace?: Pace | undefined;
  /** Pause between two looks, in milliseconds. */
  readonly everyMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Looks once; undefined: not yet. `observed` records what was seen, for the message at the deadline; to see something else is progress. */
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

const nothingYet = 'nothing yet';

type Polled<T> = { readonly found: T } | { readonly late: DeadlineError };

async function poll<T>(what: string, probe: Probe<T>, options: WaitOptions): Promise<Polled<T>> {
  const { seconds, everyMs = 100, signal, pace } = options;
  signal?.throwIfAborted();
  let seen = nothingYet;
  const patience = new Patience(seconds, pace);
  const note = (observed: string) => {
    if (observed !== seen && seen !== nothingYet) patience.progress();
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
    (timeUp = new DeadlineError(`waited ${patience.text()} for ${what}; last seen: ${seen}`));
  try {
    return { found: await whilePatient(abortable(looks(), signal), patience, late) };
  } catch (error) {
    if (timeUp === undefined || error !== timeUp) throw error;
    return { late: timeUp };
  } finally {
    over.abort();
  }
}

/** Who is waited for: how fast that is, and a number or text that changes when there is progress. */
export interface ProgressSource {
  readonly pace?: Pace | undefined;
  readonly moved?: () => unknown;
}

/**
 * Settles as `promise` does, or rejects with a DeadlineError naming `what` after `seconds` without progress, at the pace of who is waited for. The work itself is not
 * stopped.
 */
export function withDeadline<T>(
  what: string,
  promise: Promise<T>,
  seconds: number,
  { pace, moved }: ProgressSource = {},
): Promise<T> {
  const patience = new Patience(seconds, pace);
  let before = moved?.();
  const look = (): void => {
    const now = moved?.();
    if (now !== before) patience.progress();
    before = now;
  };
  const late = (): DeadlineError =>
    new DeadlineError(`expected ${what} to end within ${patience.text()}; it was still going on`);
  return whilePatient(promise, patience, late, look);
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

/** Settles as `promise` does until patience is over; `look` is called before it is asked. */
async function whilePatient<T>(
  promise: Promise<T>,
  patience: Patience,
  late: () => DeadlineError,
  look: () => void = () => undefined,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      look();
      if (patience.isOver()) reject(late());
    }, patience.lookSeconds * 1000);
  });
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearInterval(timer);
  }
}
