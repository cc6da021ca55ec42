import type { LabEvent } from '../../src/run/model/labEvents.js';

/** Seconds of what a run did, by name, in the order in which each was over first; what came several times is added up. */
export class Timings {
  readonly #seconds = new Map<string, number>();

  get entries(): readonly (readonly [name: string, seconds: number])[] {
    return [...this.#seconds];
  }

  add(name: string, seconds: number): void {
    this.#seconds.set(name, (this.#seconds.get(name) ?? 0) + seconds);
  }

  /** Takes an event: steps of opening the engine and stages of scenarios count when they are over, all others never. */
  take(event: LabEvent): void {
    if (event.type === 'engine-step' && event.state === 'finished') this.add(event.step, event.seconds ?? 0);
    if (event.type === 'stage-finished') this.add(`${event.scenario}: ${event.stage}`, event.seconds);
  }

  /** Seconds of what has this name; undefined: there was no such thing. */
  of(name: string): number | undefined {
    return this.#seconds.get(name);
  }
}
