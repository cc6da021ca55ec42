import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { FlowReport } from '../../../src/evidence/model/flowTypes.js';

/**
 * Milliseconds after which a silent orchestrator is taken for gone; it says something every two seconds, and later on a busy machine. When it
 * ends, the input ends, which is known at once.
 */
const patience = 60_000;
/** Of the time between two looks no more than this counts: while this program stood still, it could hear nothing either. */
const mostPerLook = 1000;

/** Reads what the orchestrator writes: the profile as the first line, then `.` as a sign of life, and `stop`. */
export class HostMessages {
  /** The first line; undefined: standard input ended before there was one. */
  readonly profile: Promise<string | undefined>;
  #ended: FlowReport['ended'] | undefined;
  #silent = 0;
  #lookedAt = performance.now();

  constructor(input: Readable) {
    this.profile = new Promise((resolve) => {
      let begun = false;
      const lines = createInterface({ input });
      lines.on('line', (line) => {
        this.#silent = 0;
        if (!begun) resolve(line);
        else if (line === 'stop') this.stop();
        begun = true;
      });
      lines.on('close', () => {
        resolve(undefined);
        this.lose();
      });
      input.on('error', () => {
        this.lose();
      });
    });
  }

  /** Why the load has to end now; undefined: it goes on. */
  ended(now: number): FlowReport['ended'] | undefined {
    this.#silent += Math.min(now - this.#lookedAt, mostPerLook);
    this.#lookedAt = now;
    return this.#ended ?? (this.#silent > patience ? 'orphaned' : undefined);
  }

  stop(): void {
    this.#ended ??= 'told';
  }

  /** Notes that the orchestrator has gone. */
  lose(): void {
    this.#ended ??= 'orphaned';
  }
}
