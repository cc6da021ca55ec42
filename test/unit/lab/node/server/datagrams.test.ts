import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const lab = (name: string) => fileURLToPath(new URL(`../../../../../lab/node/${name}`, import.meta.url));

// Away from those that other tests and programs take.
const port = 20_000 + (process.pid % 9_000);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvs-lab-datagrams-'));
  await copyFile(lab('server/datagrams.pl'), join(folder, 'datagrams.pl'));
  await copyFile(lab('server/stop.sh'), join(folder, 'stop.sh'));
});
afterEach(async () => {
  await run('sh', [join(folder, 'stop.sh')]);
  await rm(folder, { recursive: true });
});

const serve = (...args: readonly string[]) => run('perl', [join(folder, 'datagrams.pl'), ...args]);

/** What the probe says, and how it ended. */
async function probe(...args: readonly string[]): Promise<readonly [unknown, number]> {
  const ended = await run('perl', [lab('server/probe-datagrams.pl'), ...args]).then(
    ({ stdout }) => ({ stdout, code: 0 }),
    (error: unknown) => error as { readonly stdout: string; readonly code: number },
  );
  return [ended.stdout === '' ? undefined : JSON.parse(ended.stdout), ended.code];
}

describe('the server of UDP', () => {
  it('answers at each of its addresses and ports, by its name, until it is stopped', async () => {
    await serve('realserver1', `${port},${port + 1}`, '127.0.0.1', '::1');
    for (const host of ['127.0.0.1', '::1'])
      expect(await probe(host, String(port + 1), '5', 'realserver1')).toEqual([
        { ready: true, tries: 1, missing: [] },
        0,
      ]);
    await run('sh', [join(folder, 'stop.sh')]);
    expect((await probe('127.0.0.1', String(port), '0.5', 'realserver1'))[1]).toBe(1);
  });

  it('says why it cannot serve', async () => {
    await expect(serve('realserver1', String(port), '203.0.113.9')).rejects.toThrow(/bind 203.0.113.9 port/);
    await expect(readFile(join(folder, 'run', 'datagrams.pid'))).rejects.toThrow(/ENOENT/);
  });
});

describe('the probe of UDP', () => {
  it('waits for every realserver named, or for any of them', async () => {
    await serve('realserver1', String(port), '127.0.0.1');
    const named = ['realserver1', 'realserver2'];
    expect(await probe('127.0.0.1', String(port), '0.5', ...named)).toEqual([
      { ready: false, tries: expect.any(Number) as number, missing: ['realserver2'] },
      1,
    ]);
    expect((await probe('--any', '127.0.0.1', String(port), '5', ...named))[1]).toBe(0);
  });

  it('says when it is called wrongly', async () => {
    expect((await probe('127.0.0.1', '53'))[1]).toBe(5);
  });
});
