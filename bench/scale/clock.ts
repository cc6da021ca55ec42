/** Time that passes only when all who wait for it wait. */
export class Clock {
  #now = 0;
  #order = 0;
  readonly #waiting: { readonly at: number; readonly order: number; readonly wake: () => void }[] = [];

  /** Seconds since the beginning. */
  get now(): number {
    return this.#now;
  }

  /** Waits until a time; who waited first goes on first. */
  until(at: number): Promise<void> {
    return new Promise((wake) => {
      const one = { at, order: (this.#order += 1), wake };
      let low = 0;
      let high = this.#waiting.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        const other = this.#waiting[middle];
        // The last of the list is the next.
        if (other !== undefined && other.at > at) low = middle + 1;
        else high = middle;
      }
      this.#waiting.splice(low, 0, one);
    });
  }

  /** Runs until the work is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    const done = { is: false };
    const end = work.finally(() => {
      done.is = true;
    });
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = done.is ? undefined : this.#waiting.pop();
      if (next === undefined) return end;
      this.#now = next.at;
      next.wake();
    }
  }
}
