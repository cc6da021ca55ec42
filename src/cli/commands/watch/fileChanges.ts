import { watch, type FSWatcher } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../../../support/errors.js';
import { readRegular } from '../../../support/files/readRegular.js';
import { sha256 } from '../../../support/files/sha256.js';

/** Files whose contents have changed. */
export interface Changed {
  readonly files: readonly string[];
  /** When the first of it was noticed, on the clock of `performance.now()`. */
  readonly at: number;
}

/** Milliseconds without another event until files are looked at: an editor may take several steps to save one. */
const calmMs = 40;
/** Milliseconds for which a file may be gone or empty while it is being saved. */
const awayMs = 1000;
/** Milliseconds between two looks without an event: not every file system tells of changes, and no folder that is not there. */
const lookMs = 500;
/** No file of a scenario is larger. */
const mostBytes = 6 * 1024 * 1024;

/** What a file says. `isAway`: there is no such file, or nothing in it, as while it is being saved. */
interface FileState {
  readonly digest: string;
  readonly isAway: boolean;
}

/**
 * Follows the contents of files, however an editor saves them: in place, by renaming a new file, or by removing and making them again. It watches
 * their folders, because a replaced file is another one to the system. It also compares the contents twice a second, because not every file
 * system reports changes. (chokidar 5.0.0 misses the second of two changes within 50 ms.)
 */
export class FileChanges implements AsyncDisposable {
  #said: ReadonlyMap<string, FileState> = new Map<string, FileState>();
  #watchers: readonly FSWatcher[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** When what is being looked into was noticed; undefined: nothing was. */
  #noticed: number | undefined;
  #isClosed = false;

  constructor(private readonly changed: (what: Changed) => void) {}

  /** Follows these files, and no others, from what they say when this resolves. */
  async follow(files: readonly string[]): Promise<void> {
    await this.#watch(files);
    this.#said = await saidBy(files);
    this.#noticed = undefined;
    this.#lookIn(lookMs);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#unwatch();
    return Promise.resolve();
  }

  /** Watches the folders of files as they are now, and of what links lead to. */
  async #watch(files: readonly string[]): Promise<void> {
    const real = await Promise.all(files.map((file) => realpath(file).catch(() => file)));
    this.#unwatch();
    if (this.#isClosed) return;
    const folders = new Set([...files, ...real].map((file) => dirname(file)));
    this.#watchers = [...folders].flatMap((folder) => {
      try {
        const watcher = watch(folder, () => {
          this.#notice();
        });
        // The next look makes another, if there can be one.
        watcher.on('error', () => undefined);
        return [watcher];
      } catch {
        // Without a folder, or with more watchers than the system allows, what is left is to look.
        return [];
      }
    });
  }

  #unwatch(): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }

  #notice(): void {
    this.#noticed ??= performance.now();
    this.#lookIn(calmMs);
  }

  #lookIn(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.#look(), ms);
  }

  async #look(): Promise<void> {
    const before = this.#said;
    // A folder may have been replaced as well.
    await this.#watch([...before.keys()]);
    const now = await saidBy([...before.keys()]);
    // Meanwhile others are followed, or none.
    if (this.#said !== before || this.#isClosed) return;
    const differing = [...now].filter(([file, { digest }]) => digest !== before.get(file)?.digest);
    if (differing.length === 0) {
      this.#noticed = undefined;
      this.#lookIn(lookMs);
      return;
    }
    const at = (this.#noticed ??= performance.now());
    if (differing.some(([, { isAway }]) => isAway) && performance.now() - at < awayMs) {
      this.#lookIn(calmMs);
      return;
    }
    this.#said = now;
    this.#noticed = undefined;
    this.#lookIn(lookMs);
    this.changed({ files: differing.map(([file]) => file), at });
  }
}

async function saidBy(files: readonly string[]): Promise<ReadonlyMap<string, FileState>> {
  return new Map(await Promise.all(files.map(async (file) => [file, await saidIn(file)] as const)));
}

async function saidIn(file: string): Promise<FileState> {
  try {
    const bytes = await readRegular(file, mostBytes);
    return { digest: sha256(bytes), isAway: bytes.length === 0 };
  } catch (error) {
    return { digest: `not read: ${messageOf(error)}`, isAway: true };
  }
}
