import type { Download, TellDownload } from '../port/download.js';

/** As apt writes sizes: `1,234 kB`, in powers of 1000. */
const size = /([\d.,]+) ([kMGT]?)B/;
const factors: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/**
 * Reads in apt-get's output how far its downloads have got. It names each file when it begins with it, with its size in three digits, so a
 * file counts once the next one begins; at the end it says how much it was, and how fast.
 */
export class AptDownload {
  #bytes = 0;
  #begun = 0;
  #total: number | undefined;
  #start: number | undefined;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** What a line tells; undefined: nothing new. */
  take(line: string): Download | undefined {
    const needed = /^Need to get (.*?B)[ /]/.exec(line)?.[1];
    if (needed !== undefined) {
      this.#again(bytesOf(needed));
      return undefined;
    }
    const fetched = /^Fetched (.*B) in .* \((.*)\/s\)$/.exec(line);
    if (fetched !== null) {
      const bytes = bytesOf(fetched[1]);
      this.#again(undefined);
      return { bytes, total: bytes, bytesPerSecond: bytesOf(fetched[2]), isOver: true };
    }
    const file = /^Get:\d+ .* \[(.*)\]$/.exec(line)?.[1];
    if (file === undefined) return undefined;
    this.#start ??= this.now();
    this.#bytes += this.#begun;
    this.#begun = bytesOf(file);
    const seconds = (this.now() - this.#start) / 1000;
    return {
      bytes: this.#bytes,
      ...(this.#total === undefined ? {} : { total: this.#total }),
      bytesPerSecond: seconds > 0 ? this.#bytes / seconds : 0,
      isOver: false,
    };
  }

  #again(total: number | undefined): void {
    this.#bytes = this.#begun = 0;
    this.#total = total;
    this.#start = undefined;
  }
}

/** Takes lines of apt-get's output and tells what they say of its downloads. */
export function aptLines(tell: TellDownload): (line: string) => void {
  const apt = new AptDownload();
  return (line) => {
    const download = apt.take(line);
    if (download !== undefined) tell(download);
  };
}

function bytesOf(text = ''): number {
  const [, number = '0', prefix = ''] = size.exec(text) ?? [];
  return Number(number.replaceAll(',', '')) * (factors[prefix] ?? 1);
}
