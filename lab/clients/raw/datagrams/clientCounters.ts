/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices into the typed arrays are in range by construction */
import { noProgress } from '../measure/flowProgress.js';
import type { Latencies } from '../measure/latencies.js';
import type { ClientTable } from './clientTable.js';

/** Counts how many clients of UDP have reached each stage. */
export class ClientCounters {
  readonly progress = noProgress();
  /** Clients that have neither got a reply nor waited in vain for one. */
  silent = 0;
  /** Clients that are over and did not get all that they asked for. */
  unanswered = 0;
  readonly #table: ClientTable;
  readonly #latencies: Latencies;

  constructor(table: ClientTable, latencies: Latencies) {
    this.#table = table;
    this.#latencies = latencies;
  }

  get inProgress(): number {
    return this.progress.opened - this.progress.closed;
  }

  opened(): void {
    this.progress.opened += 1;
    this.silent += 1;
  }

  /** The client's first reply has come. */
  firstReply(client: number, now: number): void {
    const { waitedInVain, openedAt } = this.#table;
    this.#latencies.firstByte.record(now - openedAt[client]!);
    this.progress.connected += 1;
    this.progress.answered += 1;
    if (waitedInVain[client] === 0) this.silent -= 1;
  }

  /** The client gives up waiting for a reply. */
  waitedInVain(client: number): void {
    const { waitedInVain, answered } = this.#table;
    if (waitedInVain[client] !== 0) return;
    waitedInVain[client] = 1;
    this.progress.timedOut += 1;
    if (answered[client] === 0) this.silent -= 1;
  }

  over(isComplete: boolean): void {
    this.progress.closed += 1;
    if (!isComplete) this.unanswered += 1;
  }
}
