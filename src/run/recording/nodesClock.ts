/**
 * The clock of a lab's nodes. It is not this machine's when the engine is elsewhere, or in a VM. The difference is taken from times that nodes
 * send: the one that arrived fastest is the most exact.
 */
export class NodesClock {
  /** Milliseconds; undefined: nothing has come yet. */
  #ahead: number | undefined;

  constructor(private readonly now: () => number = Date.now) {}

  /** Takes a time of the nodes', in seconds since the epoch, of something that has just come. */
  feed(seconds: number): void {
    const ahead = this.now() - seconds * 1000;
    this.#ahead = Math.min(this.#ahead ?? Infinity, ahead);
  }

  /** Seconds since the epoch by the nodes' clock. */
  seconds(): number {
    return (this.now() - (this.#ahead ?? 0)) / 1000;
  }
}
