import { LabError } from './errors.js';
import { withDeadline } from './wait.js';

/** Told of each cleanup step that failed: what was being removed, and why it could not be. */
export type ReportCleanupProblem = (what: string, error: Error) => void;

interface Cleanup {
  readonly name: string;
  readonly run: () => unknown;
}

/**
 * Things to undo, last one first. Closing never throws: a failed or slow step is reported and the next one runs, so that
 * cleanup neither stops half-way nor hides the error that led to it.
 */
export class Scope implements AsyncDisposable {
  readonly #cleanups: Cleanup[] = [];
  readonly #report: ReportCleanupProblem;
  readonly #seconds: number;
  #closing: Promise<void> | undefined;

  /** `seconds`: the time budget of each step. */
  constructor(report: ReportCleanupProblem, seconds = 20) {
    this.#report = report;
    this.#seconds = seconds;
  }

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
  }

  async #runOne({ name, run }: Cleanup): Promise<void> {
    try {
      await withDeadline(
        `cleanup of ${name}`,
        Promise.resolve().then(() => run()),
        this.#seconds,
      );
    } catch (error) {
      this.#report(name, error instanceof Error ? error : new Error(String(error)));
    }
  }
}
