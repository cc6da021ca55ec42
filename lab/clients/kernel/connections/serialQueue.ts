/** Runs asynchronous functions one after the other, in the order in which they were given. */
export class SerialQueue {
  #last: Promise<void> = Promise.resolve();

  /** `act` resolves when the next one may begin; it must not reject. */
  take(act: () => Promise<void>): void {
    this.#last = this.#last.then(act);
  }
}
