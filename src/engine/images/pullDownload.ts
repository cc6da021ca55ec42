import type { Download } from '../port/download.js';

/** An event of Docker's API while it pulls: a layer, and how far it has got. */
export interface PullEvent {
  readonly id?: string;
  readonly status?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

/** Adds up what Docker tells of the layers that it downloads at the same time. A layer's size is known when its download has begun. */
export class PullDownload {
  readonly #layers = new Map<string, { bytes: number; total: number }>();
  readonly #start: number;

  constructor(private readonly now: () => number = () => performance.now()) {
    this.#start = now();
  }

  /** What an event tells; undefined: nothing of a download. */
  take({ id, status, progressDetail }: PullEvent): Download | undefined {
    if (id === undefined) return undefined;
    const known = this.#layers.get(id);
    if (status === 'Downloading' && progressDetail?.total !== undefined) {
      this.#layers.set(id, { bytes: progressDetail.current ?? 0, total: progressDetail.total });
    } else if (status === 'Download complete' && known !== undefined) {
      known.bytes = known.total;
    } else return undefined;
    return this.#sum(false);
  }

  /** What it was in all; undefined when nothing had to be downloaded. */
  end(): Download | undefined {
    return this.#layers.size === 0 ? undefined : this.#sum(true);
  }

  #sum(isOver: boolean): Download {
    const layers = [...this.#layers.values()];
    const total = layers.reduce((sum, layer) => sum + layer.total, 0);
    const bytes = isOver ? total : layers.reduce((sum, layer) => sum + layer.bytes, 0);
    const seconds = (this.now() - this.#start) / 1000;
    return { bytes, total, bytesPerSecond: seconds > 0 ? bytes / seconds : 0, isOver };
  }
}
