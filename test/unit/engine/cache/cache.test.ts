import { spawn, type ChildProcess } from 'node:child_process';
import { buildSync } from 'esbuild';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import {
  cacheEntry,
  entryKey,
  foundEntry,
  removeUnused,
  type EntryRequest,
} from '../../../../src/engine/cache/cache.js';
import { LabError } from '../../../../src/support/errors.js';
import { ownCache, tempFolder, withEnvironment } from '../tempFolder.js';

/** A request that writes down each making and each note. */
function request(overrides: Partial<EntryRequest> = {}) {
  const made: string[] = [];
  const notes: string[] = [];
  const entry: EntryRequest = {
    kind: 'kernel',
    inputs: { suite: 'bookworm' },
    needsBytes: 1,
    make: (directory) => {
      made.push(directory);
      writeFileSync(path.join(directory, 'vmlinuz'), 'a kernel');
      return Promise.resolve();
    },
    note: (message) => notes.push(message),
    ...overrides,
  };
  return { entry, made, notes };
}

const entriesOf = (cache: string): string[] => readdirSync(cache).filter((name) => !name.endsWith('.lock'));

describe('cacheEntry', () => {
  it('makes an entry once for the same inputs, below the XDG cache directory', async () => {
    const cache = ownCache();
    const { entry, made, notes } = request();
    const first = await cacheEntry(entry);
    expect(await cacheEntry(entry)).toBe(first);
    expect(first).toBe(path.join(cache, entryKey('kernel', { suite: 'bookworm' })));
    expect(readFileSync(path.join(first, 'vmlinuz'), 'utf8')).toBe('a kernel');
    expect(made).toHaveLength(1);
    expect(notes).toEqual([]);
    expect(readdirSync(cache)).toEqual([path.basename(first)]);
    expect(statSync(cache).mode & 0o777).toBe(0o700);
  });

  it('makes another entry for other inputs or another kind', async () => {
    ownCache();
    const { entry, made } = request();
    const places = [
      await cacheEntry(entry),
      await cacheEntry({ ...entry, inputs: { suite: 'sid' } }),
      await cacheEntry({ ...entry, kind: 'root' }),
    ];
    expect(new Set(places).size).toBe(3);
    expect(made).toHaveLength(3);
  });

  it('makes it once when two callers of one process want it at once', async () => {
    ownCache();
    let go!: () => void;
    const gate = new Promise<void>((resolve) => (go = resolve));
    let made = 0;
    const { entry } = request({
      make: async (directory) => {
        made++;
        await gate;
        writeFileSync(path.join(directory, 'file'), '');
      },
    });
    const both = [cacheEntry(entry), cacheEntry(entry)];
    await expect.poll(() => made).toBe(1);
    go();
    const [one, other] = await Promise.all(both);
    expect(one).toBe(other);
    expect(made).toBe(1);
  });

  it('makes it once when two processes want it at once', async () => {
    const folder = tempFolder();
    const script = path.join(folder, 'wants.cjs');
    buildSync({
      stdin: { contents: wants, resolveDir: import.meta.dirname },
      bundle: true,
      platform: 'node',
      target: 'node20',
      outfile: script,
    });
    const start = () =>
      spawn(process.execPath, [script, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, XDG_CACHE_HOME: folder },
      });
    const first = start();
    await said(first, 'making');
    const second = start();
    await said(second, 'asking');
    writeFileSync(path.join(folder, 'go'), '');
    const codes = await Promise.all([once(first, 'exit'), once(second, 'exit')]);
    expect(codes.map(([code]) => code as number)).toEqual([0, 0]);
    expect(readFileSync(path.join(folder, 'log'), 'utf8')).toBe('made\n');
  });

  it('leaves nothing of an entry that could not be made, and tries again the next time', async () => {
    const cache = ownCache();
    const { entry } = request();
    const failing: EntryRequest = {
      ...entry,
      make: async (directory) => {
        await entry.make(directory);
        throw new Error('the mirror is down');
      },
    };
    await expect(cacheEntry(failing)).rejects.toThrow('the mirror is down');
    expect(readdirSync(cache)).toEqual([]);
    expect(existsSync(await cacheEntry(entry))).toBe(true);
  });

  it('never shows a half-made entry in its place', async () => {
    const cache = ownCache();
    const { entry } = request({
      make: (directory) => {
        expect(path.basename(directory)).toMatch(
          new RegExp(`\\.partial-[0-9a-f]{8}\\.${process.pid}\\.\\d+-[0-9a-f]{8}$`),
        );
        expect(existsSync(path.join(cache, entryKey('kernel', { suite: 'bookworm' })))).toBe(false);
        writeFileSync(path.join(directory, 'vmlinuz'), '');
        return Promise.resolve();
      },
    });
    await cacheEntry(entry);
    expect.assertions(2);
  });

  it('says at once that the cache cannot be written to, and where that is', async () => {
    const cache = ownCache();
    // Nobody can make a folder in there, root neither.
    withEnvironment({ XDG_CACHE_HOME: '/proc' });
    const start = performance.now();
    const refused = await cacheEntry(request().entry).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(LabError);
    expect((refused as LabError).message).toContain('could not make the folder /proc/lvs-lab');
    expect((refused as LabError).hint).toContain('point XDG_CACHE_HOME at');
    mkdirSync(path.dirname(cache), { recursive: true });
    withEnvironment({ XDG_CACHE_HOME: path.dirname(cache) });
    writeFileSync(cache, 'a file in the way');
    await expect(cacheEntry(request().entry)).rejects.toThrow(cache);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('says for whom it waits, and goes on when the other one is done', async () => {
    const cache = ownCache();
    mkdirSync(cache, { mode: 0o700 });
    const { entry, notes } = request();
    const place = path.join(cache, entryKey('kernel', entry.inputs));
    mkdirSync(`${place}.lock`);
    const waiting = cacheEntry(entry);
    await vi.waitFor(() => {
      expect(notes).toEqual([`waiting for another lvs-lab that makes or checks the cache entry ${place}`]);
    });
    rmSync(`${place}.lock`, { recursive: true });
    expect(await waiting).toBe(place);
  });

  it('stops waiting for another one when it is told to', async () => {
    const cache = ownCache();
    mkdirSync(cache, { mode: 0o700 });
    const stop = new AbortController();
    const { entry, notes, made } = request({ signal: stop.signal });
    mkdirSync(`${path.join(cache, entryKey('kernel', entry.inputs))}.lock`);
    const waiting = cacheEntry(entry);
    await vi.waitFor(() => {
      expect(notes).toHaveLength(1);
    });
    const reason = new Error('interrupted');
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(made).toEqual([]);
  });

  it('is not there when it was told to stop before all of it was read once more', async () => {
    const cache = ownCache();
    const stop = new AbortController();
    const reason = new Error('interrupted');
    const make = (directory: string) => {
      writeFileSync(path.join(directory, 'memory'), 'a machine');
      stop.abort(reason);
      return Promise.resolve();
    };
    await expect(cacheEntry(request({ make, signal: stop.signal }).entry)).rejects.toBe(reason);
    expect(entriesOf(cache)).toEqual([]);
  });

  it('is not stopped by what a killed process left: its half-made folder and its lock', async () => {
    const cache = ownCache();
    const place = path.join(cache, entryKey('kernel', { suite: 'bookworm' }));
    mkdirSync(`${place}.partial-0badcafe.999999.1-0badcafe`, { recursive: true });
    mkdirSync(`${place}.lock`);
    const minuteAgo = new Date(Date.now() - 60_000);
    utimesSync(`${place}.lock`, minuteAgo, minuteAgo);
    const { entry, made } = request();
    expect(await cacheEntry(entry)).toBe(place);
    expect(made).toHaveLength(1);
  });

  it.each([
    { what: 'a missing file', spoil: 'rm', reason: 'vmlinuz is missing' },
    { what: 'a truncated file', spoil: 'truncate', reason: 'vmlinuz has 2 bytes, 8 expected' },
    { what: 'a changed byte', spoil: 'change', reason: 'vmlinuz was changed: its SHA-256' },
    { what: 'a manifest that is no JSON', spoil: 'manifest', reason: 'manifest.json cannot be read' },
    {
      what: 'a manifest without files',
      spoil: 'empty',
      reason: 'manifest.json cannot be read (unexpected contents at inputs: ',
    },
    { what: 'no manifest', spoil: 'no manifest', reason: 'manifest.json cannot be read' },
  ] as const)('notes an entry with $what and makes it again', async ({ spoil, reason }) => {
    ownCache();
    const { entry, made, notes } = request();
    const place = await cacheEntry(entry);
    spoilers[spoil](path.join(place, 'vmlinuz'), path.join(place, 'manifest.json'));
    expect(await cacheEntry(entry)).toBe(place);
    expect(made).toHaveLength(2);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(`the cache entry ${place} is corrupt: ${reason}`);
    expect(readFileSync(path.join(place, 'vmlinuz'), 'utf8')).toBe('a kernel');
    await cacheEntry(entry);
    expect(made).toHaveLength(2);
  });

  it('keeps an entry whose files only have another time of modification', async () => {
    ownCache();
    const { entry, made, notes } = request();
    const place = await cacheEntry(entry);
    utimesSync(path.join(place, 'vmlinuz'), 1, 1);
    await cacheEntry(entry);
    expect(made).toHaveLength(1);
    expect(notes).toEqual([]);
  });

  it('says how much space it wants when the disk has less, and makes nothing', async () => {
    const cache = ownCache();
    const { entry, made } = request({ needsBytes: 1e18 });
    const error = await cacheEntry(entry).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).message).toMatch(
      /^no disk space in .* to make the lab's kernel: 1000000000000 MB wanted, \d+ MB free$/,
    );
    expect((error as LabError).hint).toContain('lvs-lab clean --cache');
    expect((error as LabError).hint).toContain('XDG_CACHE_HOME');
    expect(made).toEqual([]);
    expect(entriesOf(cache)).toEqual([]);
  });

  it('says the same when the disk fills up while an entry is made', async () => {
    const cache = ownCache();
    const cause = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const { entry } = request({ make: () => Promise.reject(cause) });
    const error = await cacheEntry(entry).catch((thrown: unknown) => thrown);
    expect((error as LabError).message).toMatch(/^no disk space in .* to make the lab's kernel$/);
    expect((error as LabError).hint).toContain('lvs-lab clean --cache');
    expect((error as LabError).cause).toBe(cause);
    expect(entriesOf(cache)).toEqual([]);
  });
});

type Spoiler = (file: string, manifest: string) => void;
const spoilers: Readonly<
  Record<'rm' | 'truncate' | 'change' | 'manifest' | 'empty' | 'no manifest', Spoiler>
> = {
  rm: (file) => {
    rmSync(file);
  },
  truncate: (file) => {
    truncateSync(file, 2);
  },
  change: (file) => {
    writeFileSync(file, 'A kernel');
    utimesSync(file, 1, 1);
  },
  manifest: (_, manifest) => {
    truncateSync(manifest, 10);
  },
  empty: (_, manifest) => {
    writeFileSync(manifest, '{}');
  },
  'no manifest': (_, manifest) => {
    rmSync(manifest);
  },
};

/** A process that wants an entry whose making takes until a file `go` appears. */
const wants = `
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheEntry } from '../../../../src/engine/cache/cache.js';
const folder = process.argv[2];
console.log('asking');
cacheEntry({
  kind: 'root', inputs: 1, needsBytes: 1, note: console.error,
  make: async (directory) => {
    appendFileSync(folder + '/log', 'made\\n');
    console.log('making');
    while (!existsSync(folder + '/go')) await sleep(10);
    writeFileSync(directory + '/file', '');
  },
}).catch((error) => { console.error(error); process.exitCode = 1; });
`;

async function said(child: ChildProcess, word: string): Promise<void> {
  let text = '';
  for await (const chunk of child.stdout!) {
    text += String(chunk);
    if (text.includes(word)) return;
  }
  throw new Error(`the process ended without saying ${word}: ${text}`);
}

describe('foundEntry', () => {
  it('gives the entry of the same kind and inputs, once it has been made', async () => {
    const cache = ownCache();
    const { entry, made } = request();
    expect(await foundEntry(entry)).toBeUndefined();
    expect(existsSync(cache)).toBe(false);
    const directory = await cacheEntry(entry);
    expect(await foundEntry(entry)).toBe(directory);
    expect(await foundEntry({ ...entry, inputs: { suite: 'trixie' } })).toBeUndefined();
    expect(await foundEntry({ ...entry, kind: 'root' })).toBeUndefined();
    expect(made).toHaveLength(1);
  });

  it('gives none that was changed, and leaves it for whoever makes it again', async () => {
    ownCache();
    const { entry } = request();
    const directory = await cacheEntry(entry);
    writeFileSync(path.join(directory, 'vmlinuz'), 'another kernel');
    expect(await foundEntry(entry)).toBeUndefined();
    expect(existsSync(directory)).toBe(true);
  });
});

describe('entries that nobody uses', () => {
  const hoursAgo = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);

  /** Makes entries, of which each was used an hour before the one made before it. */
  async function made(kind: string, count: number): Promise<string[]> {
    const directories: string[] = [];
    for (let number = 0; number < count; number += 1) {
      const directory = await cacheEntry(request({ kind, inputs: { number } }).entry);
      utimesSync(directory, hoursAgo(number), hoursAgo(number));
      directories.push(directory);
    }
    return directories;
  }

  it('are removed, but for the sixteen that were used last, and none of another kind', async () => {
    ownCache();
    const [labs, kernels] = [await made('lab', 18), await made('kernel', 18)];
    expect([...(await removeUnused('lab'))].sort()).toEqual(labs.slice(16).sort());
    expect(labs.map((directory) => existsSync(directory))).toEqual(labs.map((_, number) => number < 16));
    expect(kernels.every((directory) => existsSync(directory))).toBe(true);
  });

  it('stay when somebody used one of them within the hour', async () => {
    ownCache();
    const labs = await made('lab', 17);
    await cacheEntry(request({ kind: 'lab', inputs: { number: 16 } }).entry);
    expect(await removeUnused('lab')).toEqual([labs[15]]);
  });

  it('stay when all were used within the hour', async () => {
    ownCache();
    for (const directory of await made('lab', 18)) utimesSync(directory, new Date(), new Date());
    expect(await removeUnused('lab')).toEqual([]);
  });
});
