import { performance } from 'node:perf_hooks';

/** When the client set out to open a connection. Further tries at the same connection share it: a user waits through them all. */
export class ConnectAttempts {
  /** When the client set out, in seconds since the epoch. */
  readonly at = Date.now() / 1000;
  readonly #from = performance.now();
  /** Seconds from then until the port was last refused because it was taken; 0: it never was. */
  portWaitSeconds = 0;

  /** Seconds that have passed since the client set out. */
  seconds(): number {
    return (performance.now() - this.#from) / 1000;
  }

  /** Notes that the port was taken and will be tried again. */
  portRefused(): void {
    this.portWaitSeconds = this.seconds();
  }
}
