import type { FlowSecond } from '../../../src/evidence/model/flowTypes.js';
import type { FlowLoad } from './packet/contracts.js';

/** After this many seconds without an opening, the most flows that may be in progress are taken to be stuck, and the load to be open. */
const stalledSeconds = 10;
/** This many seconds after the last opening the load counts as open in any case. */
const longest = 30;

type Watched = Pick<FlowLoad, 'allOpened' | 'areConnected' | 'isQuiet'>;

/** Decides when the load is open: kernel sockets that start from then on meet the realservers in the state that the load leaves them in. */
export class OpenedWatch {
  readonly #load: Watched;
  #opened = 0;
  #stalled = 0;
  #sinceAll = 0;

  constructor(load: Watched) {
    this.#load = load;
  }

  /** Takes the report of each second. */
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
