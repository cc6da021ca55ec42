import { abortable } from '../../../support/wait.js';

/** A round that is asked for, and why. */
export interface Round {
  /** Files that changed; none: it was asked for by a key, or is the first. */
  readonly files: readonly string[];
  /** What is run of all that is watched. */
  readonly which: 'changed' | 'unhealthy' | 'all';
  /** Whether packets are followed where connections are not healthy. */
  readonly explain: boolean;
  /** When it was asked for, on the clock of `performance.now()`. */
  readonly at: number;
}

/** What has been asked of `watch` and not begun: rounds, put together into one, and the end of watching. */
export class Requests {
  #round: Round | undefined;
  #isOver = false;
  #asked = askable();
  #running: AbortController | undefined;

  /** Asks for a round. One that is running is ended, for what it would come to is of no more interest. */
  ask(round: Round): void {
    this.#round = this.#round === undefined ? round : together(this.#round, round);
    this.#tell();
  }

  /** Adds to what is asked for a round that was ended because of it. */
  keep(ended: Round): void {
    if (this.#round !== undefined) this.#round = together(ended, this.#round);
  }

  /** Ends watching. */
  quit(): void {
    this.#isOver = true;
    this.#tell();
  }

  /** Waits for what to do next: a round, or undefined to end. Rejects with the signal's reason. */
  async next(signal: AbortSignal): Promise<Round | undefined> {
    while (!this.#isOver && this.#round === undefined) await abortable(this.#asked.promise, signal);
    signal.throwIfAborted();
    if (this.#isOver) return undefined;
    const round = this.#round;
    this.#round = undefined;
    this.#asked = askable();
    return round;
  }

  /** Whether something else is to be done than what is running. */
  get isPending(): boolean {
    return this.#isOver || this.#round !== undefined;
  }

  /** A signal for the round that begins, which aborts as soon as something else is to be done. */
  running(): AbortSignal {
    this.#running = new AbortController();
    if (this.isPending) this.#running.abort(new Superseded());
    return this.#running.signal;
  }

  #tell(): void {
    this.#running?.abort(new Superseded());
    this.#asked.resolve();
  }
}

/** One round for two that were asked for, the second being the later. */
function together(one: Round, other: Round): Round {
  return {
    files: [...new Set([...one.files, ...other.files])],
    which: one.which === other.which ? one.which : 'all',
    explain: one.explain || other.explain,
    at: other.at,
  };
}

/** A promise that resolves when something is asked for, and how it is told. */
function askable(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((tell) => {
    resolve = tell;
  });
  return { promise, resolve };
}

/** A round was ended because another was asked for. */
class Superseded extends Error {
  override readonly name = 'Superseded';
  override readonly message = 'something else is to be run';
}
