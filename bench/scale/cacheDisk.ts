import type { Clock } from './clock.js';
import type { Part, Recorded } from './recorded.js';

interface Entry {
  readonly part: Part;
  /** When it is complete. */
  readonly ready: number;
  used: number;
  readonly readers: Set<number>;
}

/** As src/engine/cache/cache.ts has it: saved labs that nobody has used for so long go, but for so many. */
const unusedSeconds = 3600;
const keptLabs = 16;

/** A cache: what is in it, what went into it and out of it. */
export class CacheDisk {
  readonly made: Record<Part, number> = { kernel: 0, base: 0, root: 0, disk: 0, warm: 0, lab: 0 };
  written = 0;
  read = 0;
  largest = 0;
  readonly #entries = new Map<string, Entry>();
  #size = 0;

  constructor(private readonly recorded: Recorded) {}

  /** Waits until an entry is there: makes it, or waits for the machine that is at it. */
  async has(
    part: Part,
    name: string,
    { clock, machine }: { readonly clock: Clock; readonly machine: number },
  ): Promise<void> {
    const key = `${part} ${name}`;
    const { seconds, bytes } = this.recorded.parts[part];
    const found = this.#entries.get(key);
    if (found === undefined) {
      if (part === 'lab') this.#removeUnused(clock.now);
      const ready = clock.now + seconds;
      this.#entries.set(key, { part, ready, used: ready, readers: new Set([machine]) });
      this.made[part] += 1;
      this.written += bytes;
      this.#size += bytes;
      this.largest = Math.max(this.largest, this.#size);
      await clock.until(ready);
      return;
    }
    found.used = Math.max(found.used, clock.now);
    if (!found.readers.has(machine)) {
      found.readers.add(machine);
      this.read += bytes;
    }
    if (found.ready > clock.now) await clock.until(found.ready);
  }

  #removeUnused(now: number): void {
    const labs = [...this.#entries].filter(([, { part }]) => part === 'lab');
    const others = labs.toSorted(([, one], [, other]) => other.used - one.used).slice(keptLabs);
    for (const [key, { used }] of others) {
      if (now - used < unusedSeconds) continue;
      this.#entries.delete(key);
      this.#size -= this.recorded.parts.lab.bytes;
    }
  }
}
