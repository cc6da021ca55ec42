/** Choices that a seed decides. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = ((seed * 7919 + 13) % 2_147_483_646) + 1;
    this.below(2);
  }

  /** A whole number from 0 on. */
  below(count: number): number {
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return Math.floor((this.#state / 2_147_483_647) * count);
  }

  pick<T>(all: readonly [T, ...T[]] | readonly T[]): T {
    const found = all[this.below(all.length)];
    if (found === undefined) throw new RangeError('nothing to pick from');
    return found;
  }

  /** Whether something is so that is in so many of a hundred. */
  maybe(percent: number): boolean {
    return this.below(100) < percent;
  }
}
