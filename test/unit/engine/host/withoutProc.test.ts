import { existsSync, mkdirSync } from 'node:fs';
import type * as fs from 'node:fs/promises';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { diagnose } from '../../../../src/engine/host/diagnose.js';
import { cacheRoot, scratchRoot } from '../../../../src/engine/lifetime/paths.js';
import { openEngine } from '../../../../src/engine/open.js';
import { sweepCache, sweepLeftovers } from '../../../../src/engine/sweep.js';
import { LabError } from '../../../../src/support/errors.js';
import { fakeDocker } from '../fakeDocker.js';
import { ownCache, tempFolder, withEnvironment } from '../tempFolder.js';

const real = await vi.importActual<typeof fs>('node:fs/promises');
vi.mock(import('node:fs/promises'), async (original) => ({ ...(await original()), readFile: vi.fn() }));

/** Whether /proc tells of processes, which it does on Linux alone. */
let hasProc: boolean;

beforeEach(() => {
  hasProc = false;
  vi.mocked(readFile).mockImplementation(((file: string, options: never) =>
    !hasProc && /^\/proc\/\d/.test(file)
      ? Promise.reject(new Error(`ENOENT: ${file}`))
      : real.readFile(file, options)) as typeof readFile);
  ownCache();
  withEnvironment({ TMPDIR: tempFolder(), XDG_DATA_HOME: tempFolder() });
});

const reasonOf = (work: Promise<unknown>): Promise<LabError> =>
  work.then(
    () => expect.fail('expected it to be refused'),
    (error: unknown) => error as LabError,
  );
const emit = () => undefined;
const refusal =
  /^the lab works on Linux with \/proc, by which it tells labs in use from those that were left over/;

describe('a host without /proc', () => {
  it('is refused by what removes leftovers, which would take every lab for one', async () => {
    const docker = await fakeDocker({
      containers: [
        { Id: 'c1', Names: ['/used'], Labels: { 'lvs-lab.run': 'a', 'lvs-lab.owner': '0badcafe.1.1' } },
        { Id: 'c2', Names: ['/left'], Labels: { 'lvs-lab.run': 'a' } },
      ],
    });
    withEnvironment({ DOCKER_HOST: `unix://${docker.socketPath}` });
    const inUse = path.join(scratchRoot(), 'in-use');
    mkdirSync(inUse, { recursive: true, mode: 0o700 });
    mkdirSync(cacheRoot(), { recursive: true, mode: 0o700 });
    for (const work of [sweepLeftovers(emit), sweepCache()]) {
      const error = await reasonOf(work);
      expect(error).toBeInstanceOf(LabError);
      expect(error.message).toMatch(refusal);
    }
    expect(docker.removed).toEqual([]);
    expect([inUse, cacheRoot()].map((folder) => existsSync(folder))).toEqual([true, true]);
    hasProc = true;
    expect(await sweepLeftovers(emit)).toEqual([inUse, 'container left']);
  });

  it('is refused by every engine before anything begins, and by doctor', async () => {
    const options = { kernel: undefined, accel: 'auto', image: 'auto', runId: 'a', emit } as const;
    const signal = new AbortController().signal;
    for (const engine of ['auto', 'local', 'vm'] as const) {
      const opened = openEngine({ ...options, engine, runDirectory: tempFolder(), signal });
      expect((await reasonOf(opened)).message).toMatch(refusal);
      const [only, ...others] = await diagnose({ engine });
      expect(only).toMatchObject({ name: 'this machine', state: 'missing' });
      expect(only?.detail).toMatch(refusal);
      expect(others).toEqual([]);
    }
  });
});
