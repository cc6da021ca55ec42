/** Lets acts begin one after the other, each when the one before it is over. */
export class InTurn {
  #last: Promise<void> = Promise.resolve();

  /** `act` resolves when the next one may begin; it must not reject. */
  take(act: () => Promise<void>): void {
    this.#last = this.#last.then(act);
  }
}
