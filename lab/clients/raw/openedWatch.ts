import type { FlowSecond } from '../../../src/evidence/model/flowTypes.js';
import type { FlowLoad } from './packet/contracts.js';

/** Seconds without an opening after which as many flows are taken to be stuck as may be in progress. */
const stalledSeconds = 10;
/** Seconds after the last opening at which the load is taken to be open in any case. */
const longest = 30;

type Watched = Pick<FlowLoad, 'allOpened' | 'areConnected' | 'isQuiet'>;

/** Decides when the load is open: from then on kernel sockets beside it see the realservers as it leaves them. */
export class OpenedWatch {
  readonly #load: Watched;
  #opened = 0;
  #stalled = 0;
  #sinceAll = 0;

  constructor(load: Watched) {
    this.#load = load;
  }

  /** To be told of every second. */
  observe({ opened }: Pick<FlowSecond, 'opened'>): void {
    this.#stalled = opened === this.#opened ? this.#stalled + 1 : 0;
    this.#opened = opened;
    if (this.#load.allOpened) this.#sinceAll += 1;
  }

  /** Whether kernel sockets that begin now are as old as the flows. */
  get areConnected(): boolean {
    return this.#load.areConnected || this.isOpen;
  }

  get isOpen(): boolean {
    if (this.#load.allOpened) return this.#load.isQuiet || this.#sinceAll >= longest;
    return this.#stalled >= stalledSeconds;
  }
}
