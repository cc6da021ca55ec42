import type { Job } from '../model/jobs.js';

/** Jobs that no lane has taken yet, in the order in which they were asked for. */
export class JobQueue {
  #waiting: readonly Job[];

  constructor(jobs: readonly Job[]) {
    this.#waiting = jobs;
  }

  /** Takes the next job; undefined: there is none left. */
  take(): Job | undefined {
    const [first, ...others] = this.#waiting;
    this.#waiting = others;
    return first;
  }

  /** Drops all waiting jobs, so that no more are started. */
  close(): void {
    this.#waiting = [];
  }
}
