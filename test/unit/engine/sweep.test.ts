import { chmodSync, chownSync, existsSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { cacheRoot, scratchRoot } from '../../../src/engine/lifetime/paths.js';
import { markOwner, ownerTag } from '../../../src/engine/lifetime/owner.js';
import { kernelsRoot } from '../../../src/engine/kernel/store/kernelsRoot.js';
import { sweepCache, sweepLeftovers } from '../../../src/engine/sweep.js';
import { LabError } from '../../../src/support/errors.js';
import { fakeDocker } from './fakeDocker.js';
import { ownCache, tempFolder, withEnvironment } from './tempFolder.js';

const living = await ownerTag();
const place = living.split('.')[0]!;
/** As this process, but gone: an id that none has, and one that another process has by now. */
const dead = `${place}.4194305.1`;
const reused = `${place}.${process.pid}.1`;
const notes: string[] = [];
const sweep = () =>
  sweepLeftovers((event) => {
    if (event.type === 'engine-note') notes.push(event.message);
  });

beforeEach(() => {
  notes.length = 0;
  ownCache();
  withEnvironment({
    TMPDIR: tempFolder(),
    XDG_DATA_HOME: tempFolder(),
    DOCKER_HOST: 'unix:///nowhere/docker.sock',
  });
});

describe('sweepLeftovers', () => {
  it('removes the folders of processes that are gone and leaves those of the living', async () => {
    const [ended, unmarked, alive] = ['dead', 'unmarked', 'living'].map((name) =>
      path.join(scratchRoot(), name),
    ) as [string, string, string];
    for (const folder of [ended, unmarked, alive]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    await markOwner(alive);
    writeFileSync(path.join(ended, 'owner.json'), JSON.stringify({ pid: process.pid, startTime: '1' }));
    writeFileSync(path.join(ended, 'key.pem'), 'secret');
    expect([...(await sweep())].sort()).toEqual([ended, unmarked].sort());
    expect([ended, unmarked, alive].map((folder) => existsSync(folder))).toEqual([false, false, true]);
  });

  it('removes the folder of a run that was killed before it wrote whose it is, at once, and leaves that of one that starts', async () => {
    const names = ['-vm', '-session'].map((id) => `.partial-${dead}${id}`);
    const starting = `.partial-${living}-vm`;
    for (const name of [...names, starting, `.partial-${reused}-vm`])
      mkdirSync(path.join(scratchRoot(), name), { recursive: true, mode: 0o700 });
    expect([...(await sweep())].sort()).toEqual(
      [...names, `.partial-${reused}-vm`].map((name) => path.join(scratchRoot(), name)).sort(),
    );
    expect(existsSync(path.join(scratchRoot(), starting))).toBe(true);
  });

  it('removes half-made cache entries of processes that are gone, and nothing else of the cache', async () => {
    const root = 'root-0123456789abcdef0123';
    const names = [
      'kernel-0123456789abcdef0123',
      `${root}.partial-${living}-01234567`,
      'kvm-probe.json',
      `${root}.partial-${dead}-01234567`,
      `${root}.partial-${reused}-01234567`,
    ];
    for (const name of names) mkdirSync(path.join(cacheRoot(), name), { recursive: true, mode: 0o700 });
    expect([...(await sweep())].sort()).toEqual(
      names
        .slice(3)
        .map((name) => path.join(cacheRoot(), name))
        .sort(),
    );
    expect(names.map((name) => existsSync(path.join(cacheRoot(), name)))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('leaves what another host or container may be making, with any process id, for a day', async () => {
    const name = `root-0123456789abcdef0123.partial-0badcafe.${process.pid}.1-01234567`;
    const partial = path.join(cacheRoot(), name);
    mkdirSync(partial, { recursive: true, mode: 0o700 });
    expect(await sweep()).toEqual([]);
    const yesterday = Date.now() / 1000 - 25 * 3600;
    utimesSync(partial, yesterday, yesterday);
    expect(await sweep()).toEqual([partial]);
  });

  it('removes half-added kernels of processes that are gone, and no kernel whatever its name', async () => {
    const names = [
      'mine',
      `mine.partial-${dead}-01234567`,
      `.mine.partial-${living}-01234567`,
      `.mine.partial-${dead}-01234567`,
    ];
    for (const name of names) mkdirSync(path.join(kernelsRoot(), name), { recursive: true, mode: 0o700 });
    expect(await sweep()).toEqual([path.join(kernelsRoot(), names[3]!)]);
    expect(names.map((name) => existsSync(path.join(kernelsRoot(), name)))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('follows no link that somebody put where its folder is, says so, and sweeps the rest', async () => {
    const precious = tempFolder();
    const victim = path.join(precious, 'work');
    mkdirSync(victim);
    symlinkSync(precious, scratchRoot());
    const partial = path.join(cacheRoot(), `root-0123456789abcdef0123.partial-${dead}-01234567`);
    mkdirSync(partial, { recursive: true, mode: 0o700 });
    const error: unknown = await sweep().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).message).toContain(scratchRoot());
    expect([victim, partial].map((folder) => existsSync(folder))).toEqual([true, false]);
    expect(notes).toContain(`removed ${partial}`);
    await expect(sweepCache()).rejects.toThrow(scratchRoot());
  });

  it('takes nothing from a folder that others may write to', async () => {
    const leftover = path.join(scratchRoot(), 'leftover');
    mkdirSync(leftover, { recursive: true, mode: 0o700 });
    chmodSync(scratchRoot(), 0o777);
    await expect(sweep()).rejects.toThrow('its mode is 777');
    expect(existsSync(leftover)).toBe(true);
    chmodSync(scratchRoot(), 0o700);
    expect(await sweep()).toEqual([leftover]);
  });

  it('unlinks a link inside a leftover, and leaves what is behind it', async () => {
    const precious = tempFolder();
    const file = path.join(precious, 'file');
    writeFileSync(file, 'precious');
    const leftover = path.join(scratchRoot(), 'leftover');
    mkdirSync(leftover, { recursive: true, mode: 0o700 });
    symlinkSync(precious, path.join(leftover, 'link'));
    symlinkSync(precious, path.join(scratchRoot(), 'linked'));
    expect([...(await sweep())].sort()).toEqual([leftover, path.join(scratchRoot(), 'linked')].sort());
    expect(existsSync(file)).toBe(true);
  });

  it('removes what a dead mmdebstrap was working in, when it is this user’s and no link', async () => {
    const work = path.join(tmpdir(), `lvs-lab-mmdebstrap-${dead}-abcdef`);
    const link = path.join(tmpdir(), `lvs-lab-mmdebstrap-${dead}-planted`);
    const foreign = path.join(tmpdir(), `lvs-lab-mmdebstrap-${dead}-foreign`);
    const precious = tempFolder();
    for (const folder of [work, foreign]) mkdirSync(folder);
    symlinkSync(precious, link);
    // Only root can give a folder away; for others it is just one more of their own.
    const isRoot = process.getuid!() === 0;
    if (isRoot) chownSync(foreign, 65534, 65534);
    expect([...(await sweep())].sort()).toEqual([work, ...(isRoot ? [] : [foreign])].sort());
    expect([work, link, foreign].map((folder) => existsSync(folder))).toEqual([false, true, isRoot]);
  });

  it('has nothing to do on a machine where the lab never ran', async () => {
    expect(await sweep()).toEqual([]);
  });

  it.each(['unix:///nowhere/docker.sock', 'npipe:////./pipe/docker_engine'])(
    'says that the local engine was not swept when DOCKER_HOST is %s, and sweeps the rest',
    async (host) => {
      withEnvironment({ DOCKER_HOST: host });
      const leftover = path.join(scratchRoot(), 'leftover');
      mkdirSync(leftover, { recursive: true, mode: 0o700 });
      expect(await sweep()).toEqual([leftover]);
      expect(notes).toHaveLength(1);
      expect(notes[0]).toMatch(/^no local engine was swept: /);
      expect(notes[0]).toContain(host);
    },
  );

  it('removes from the local engine what carries the lab’s label and whose maker is gone', async () => {
    const docker = await fakeDocker({
      containers: [
        { Id: 'c1', Names: ['/left'], Labels: { 'lvs-lab.run': 'a' } },
        { Id: 'c2', Names: ['/elsewhere'], Labels: { 'lvs-lab.run': 'b', 'lvs-lab.owner': '0badcafe.1.1' } },
        { Id: 'c3', Names: ['/other'], Labels: { 'com.example': 'x' } },
        { Id: 'c4', Names: ['/used'], Labels: { 'lvs-lab.run': 'd', 'lvs-lab.owner': living } },
        { Id: 'c5', Names: ['/dead'], Labels: { 'lvs-lab.run': 'e', 'lvs-lab.owner': dead } },
      ],
    });
    withEnvironment({ DOCKER_HOST: `unix://${docker.socketPath}` });
    expect(await sweep()).toEqual(['container left', 'container dead']);
    expect(docker.removed).toEqual(['/containers/c1', '/containers/c5']);
    expect(notes).toEqual([]);
  });
});

describe('sweepCache', () => {
  it('removes the whole cache and says what was in it', async () => {
    mkdirSync(path.join(cacheRoot(), 'warm-1'), { recursive: true, mode: 0o700 });
    expect(await sweepCache()).toEqual([path.join(cacheRoot(), 'warm-1')]);
    expect(existsSync(cacheRoot())).toBe(false);
  });
});
