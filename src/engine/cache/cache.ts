import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, statfs, utimes } from 'node:fs/promises';
import path from 'node:path';
import lockfile from 'proper-lockfile';
import { LabError } from '../../support/errors.js';
import { waitFor } from '../../support/wait.js';
import { makeKeptFolder } from '../lifetime/makeKeptFolder.js';
import { isOwnFolder } from '../lifetime/ownFolder.js';
import { ownerTag } from '../lifetime/owner.js';
import { findCorruption, writeManifest } from './cacheManifest.js';
import { cacheRoot } from '../lifetime/paths.js';

export interface EntryRequest {
  /** What kind of thing the entry is: `kernel`, `root`, `warm` and so on. */
  readonly kind: string;
  /** Everything that the content depends on. The same inputs give the same entry. */
  readonly inputs: unknown;
  /** How many bytes must be free before the entry is made. */
  readonly needsBytes: number;
  /** Fills an empty directory with plain files, which becomes the entry when this resolves. */
  readonly make: (directory: string) => Promise<void>;
  /** Called with a message when an entry has to be made, or made again. */
  readonly note: (message: string) => void;
  /** Ends the wait for another process, and the making. */
  readonly signal?: AbortSignal;
}

/** The name of an entry: its kind, and the start of a SHA-256 over its inputs. */
export function entryKey(kind: string, inputs: unknown): string {
  return `${kind}-${createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 20)}`;
}

/** The directory of an entry. Undefined when there is none, and when it was changed since, for then `cacheEntry` makes it again. */
export async function foundEntry({
  kind,
  inputs,
}: Pick<EntryRequest, 'kind' | 'inputs'>): Promise<string | undefined> {
  const root = cacheRoot();
  const directory = path.join(root, entryKey(kind, inputs));
  if (!isOwnFolder(root, 'kept') || !isOwnFolder(directory, 'kept')) return undefined;
  return (await findCorruption(directory)) === undefined ? directory : undefined;
}

/**
 * Returns the directory of an entry, made now if it is not there. A second process that wants the same entry waits for
 * the first. An entry is written beside its place and moved there when complete, so a half-written one is never seen;
 * one that was changed since is reported, removed and made again.
 */
export async function cacheEntry(request: EntryRequest): Promise<string> {
  const root = cacheRoot();
  await makeKeptFolder(root, 'XDG_CACHE_HOME');
  const directory = path.join(root, entryKey(request.kind, request.inputs));
  const release = await lock(directory, request);
  try {
    if (isOwnFolder(directory, 'kept')) {
      const corruption = await findCorruption(directory, request.signal);
      if (corruption === undefined) {
        await markUsed(directory);
        return directory;
      }
      request.note(`the cache entry ${directory} is corrupt: ${corruption}; it is made again`);
      await rm(directory, { recursive: true, force: true });
    }
    await make(request, directory);
    return directory;
  } finally {
    await release().catch(() => undefined);
  }
}

/** Notes for `removeUnused` that an entry is used now. When the entry is gone nothing happens here: whoever reads it will tell. */
export async function markUsed(directory: string): Promise<void> {
  const now = new Date();
  await utimes(directory, now, now).catch(() => undefined);
}

/** How many entries of a kind are kept, however long ago they were used. */
const keptEntries = 16;
const unusedMs = 3_600_000;

/**
 * Removes the entries of a kind that nobody has used for an hour. The sixteen that were used last stay, and so does an entry that another
 * process has locked. Returns the removed directories. Meant for saved labs, which take half a gigabyte each, and half a minute to make again.
 */
export async function removeUnused(kind: string): Promise<readonly string[]> {
  const root = cacheRoot();
  const entry = new RegExp(`^${kind}-[0-9a-f]{20}$`);
  const names = (await readdir(root)).filter((name) => entry.test(name));
  const entries = await Promise.all(
    names.map(async (name) => {
      const directory = path.join(root, name);
      return { directory, used: (await stat(directory)).mtimeMs };
    }),
  );
  const others = entries.sort((one, other) => other.used - one.used).slice(keptEntries);
  const removed: string[] = [];
  for (const { directory, used } of others) {
    if (Date.now() - used < unusedMs) continue;
    const release = await takeLock(directory);
    if (release === undefined) continue;
    await rm(directory, { recursive: true, force: true });
    await release().catch(() => undefined);
    removed.push(directory);
  }
  return removed;
}

async function make(request: EntryRequest, directory: string): Promise<void> {
  await refuseFullDisk(path.dirname(directory), request.needsBytes, request.kind);
  const partial = `${directory}.partial-${await ownerTag()}-${randomBytes(4).toString('hex')}`;
  await mkdir(partial, { mode: 0o700 });
  try {
    await request.make(partial);
    await writeManifest(partial, request.inputs, request.signal);
    await rename(partial, directory);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      throw noSpace(path.dirname(directory), request.kind, error);
    throw error;
  }
}

const lockMinutes = 30;

/** Waits for another process that makes the same entry, and says so; a dead one's lock goes stale after 20 s. */
async function lock(
  directory: string,
  { note, signal }: Pick<EntryRequest, 'note' | 'signal'>,
): Promise<() => Promise<void>> {
  let waiting = false;
  const take = async () => {
    const release = await takeLock(directory);
    if (release === undefined && !waiting) {
      waiting = true;
      note(`waiting for another lvs-lab that makes or checks the cache entry ${directory}`);
    }
    return release;
  };
  return waitFor(`the lock ${directory}.lock of another lvs-lab`, take, {
    seconds: lockMinutes * 60,
    everyMs: 500,
    signal,
  });
}

/** Takes the lock; undefined: another process has it. Rejects at once with whatever keeps the lock from being made at all. */
async function takeLock(directory: string): Promise<(() => Promise<void>) | undefined> {
  try {
    return await lockfile.lock(directory, {
      realpath: false,
      stale: 20_000,
      update: 5_000,
      // Whoever took the lock away (`clean --cache`) makes the entry again; the library would end this process for it.
      onCompromised: () => undefined,
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOCKED') return undefined;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw noSpace(path.dirname(directory), 'lock', error);
    throw new LabError(`could not write to the cache in ${path.dirname(directory)}`, {
      hint: 'make it writable, or point XDG_CACHE_HOME at a folder that is',
      cause: error,
    });
  }
}

async function refuseFullDisk(directory: string, bytes: number, kind: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize < bytes)
    throw noSpace(directory, kind, undefined, { wanted: bytes, free: bavail * bsize });
}

function noSpace(
  directory: string,
  kind: string,
  cause: unknown,
  space?: { readonly wanted: number; readonly free: number },
): LabError {
  const numbers =
    space === undefined ? '' : `: ${megabytes(space.wanted)} MB wanted, ${megabytes(space.free)} MB free`;
  return new LabError(`no disk space in ${directory} to make the lab's ${kind}${numbers}`, {
    hint: 'free some space (`lvs-lab clean --cache` removes what the lab keeps) or point XDG_CACHE_HOME at a larger disk',
    cause,
  });
}

const megabytes = (bytes: number): string => String(Math.floor(bytes / 1e6));
