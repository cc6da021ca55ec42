import { performance } from 'node:perf_hooks';

/** When the client set out to open a connection. Further tries at the same connection share it: a user waits through them all. */
export class Opening {
  /** Seconds since the epoch. */
  readonly at = Date.now() / 1000;
  readonly #from = performance.now();
  /** Seconds until the last time that the port was refused, for it was taken; 0: never. */
  portWaitSeconds = 0;

  /** Seconds since then. */
  seconds(): number {
    return (performance.now() - this.#from) / 1000;
  }

  /** The port was taken, and is going to be tried again. */
  portRefused(): void {
    this.portWaitSeconds = this.seconds();
  }
}
