import { setTimeout as sleep } from 'node:timers/promises';
import { DeadlineError, withDeadline } from './wait.js';
import { LabError } from './errors.js';
import { durationText } from './duration.js';

/** Called for each cleanup step that failed, with what was to be removed and why it was not. */
export type ReportCleanupProblem = (what: string, error: Error) => void;

/** A request to end everything, and how long cleanup may then take: all steps of all scopes with this request together. */
export interface Stop {
  readonly signal: AbortSignal;
  /** Seconds that cleanup may take from the signal on. */
  readonly seconds?: number;
  /** Seconds for a step whose turn comes when these have passed: quick steps, such as killing a process, are done all the same. */
  readonly lastSeconds?: number;
}

/** Seconds that cleanup may take by default, because a user who pressed Ctrl-C is waiting. */
export const cleanupSeconds = 15;
const lastChanceSeconds = 2;

interface Cleanup {
  readonly name: string;
  readonly run: () => unknown;
}

/**
 * Runs cleanup steps, the last registered first. Closing never throws: a failed or slow step is reported and the next one runs, so that
 * cleanup neither stops half-way nor hides the error that led to it.
 */
export class Scope implements AsyncDisposable {
  readonly #cleanups: Cleanup[] = [];
  readonly #report: ReportCleanupProblem;
  readonly #seconds: number;
  readonly #stop: Stop | undefined;
  /** When cleanup has to be over, on the clock of `performance.now()`; undefined: nobody waits for it. */
  #end: number | undefined;
  #stopped: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  /** `seconds`: how long each step may take. */
  constructor(report: ReportCleanupProblem, seconds = 20, stop?: Stop) {
    this.#report = report;
    this.#seconds = seconds;
    this.#stop = stop;
    if (stop?.signal.aborted === true) this.#beginToEnd();
    else stop?.signal.addEventListener('abort', this.#beginToEnd, { once: true });
  }

  readonly #beginToEnd = (): void => {
    this.#end = performance.now() + (this.#stop?.seconds ?? cleanupSeconds) * 1000;
    this.#stopped?.();
  };

  /** Registers a step. Call it before creating what the step removes. Throws LabError on a closed scope. */
  defer(name: string, run: () => unknown): void {
    if (this.#closing !== undefined) {
      throw new LabError(`expected an open scope to register the cleanup of ${name} in, found a closed one`);
    }
    this.#cleanups.push({ name, run });
  }

  /** Registers the disposal of `resource` and returns it. */
  use<T extends AsyncDisposable>(resource: T, name = resource.constructor.name): T {
    this.defer(name, () => resource[Symbol.asyncDispose]());
    return resource;
  }

  /** Runs every step once, in reverse order; a second call waits for the first. Never rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#runAll();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #runAll(): Promise<void> {
    for (let step = this.#cleanups.pop(); step !== undefined; step = this.#cleanups.pop()) {
      await this.#runOne(step);
    }
    this.#stop?.signal.removeEventListener('abort', this.#beginToEnd);
  }

  async #runOne({ name, run }: Cleanup): Promise<void> {
    const over = new AbortController();
    try {
      const done = Promise.resolve().then(() => run());
      await Promise.race([
        withDeadline(`cleanup of ${name}`, done, this.#seconds),
        this.#late(name, over.signal),
      ]);
    } catch (error) {
      this.#report(name, error instanceof Error ? error : new Error(String(error)));
    } finally {
      over.abort();
    }
  }

  /** Rejects when cleanup as a whole has taken too long. */
  async #late(name: string, signal: AbortSignal): Promise<never> {
    const start = performance.now();
    if (this.#end === undefined) {
      await new Promise<void>((resolve) => (this.#stopped = resolve));
    }
    const last = (this.#stop?.lastSeconds ?? lastChanceSeconds) * 1000;
    const left = Math.max(this.#end ?? start, start + last) - performance.now();
    await sleep(Math.max(left, 0), undefined, { signal });
    throw new DeadlineError(
      `expected all cleanup to end within ${durationText(this.#stop?.seconds ?? cleanupSeconds, 'set')} of being told to stop; that of ${name} was still going on`,
    );
  }
}
