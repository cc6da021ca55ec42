import type { LabEvent } from '../../run/model/labEvents.js';

/** Counts the jobs of a run, and those that are over. */
export class JobCount {
  #jobs = 0;
  #over = 0;

  take(event: LabEvent): void {
    if (event.type === 'run-started') this.#jobs = event.scenarios.length;
    if (event.type === 'scenario-finished' || event.type === 'scenario-broke') this.#over++;
  }

  get jobs(): number {
    return this.#jobs;
  }

  /** `3 of 90`; undefined where there is nothing to count: one job at most. */
  get text(): string | undefined {
    return this.#jobs > 1 ? `${String(this.#over)} of ${String(this.#jobs)}` : undefined;
  }
}
