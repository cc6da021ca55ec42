import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type * as fs from 'node:fs/promises';
import { readFile } from 'node:fs/promises';
import { expect, it, vi } from 'vitest';
import { isOrphan, ownerOfTag, ownerTag } from '../../../../src/engine/lifetime/owner.js';

const real = await vi.importActual<typeof fs>('node:fs/promises');
vi.mock(import('node:fs/promises'), async (original) => ({ ...(await original()), readFile: vi.fn() }));

/** Has /proc tell of this process alone, as with `hidepid` it tells a user who has one process only. */
function hideOthers(): void {
  vi.mocked(readFile).mockImplementation(((file: string, options: never) =>
    /^\/proc\/\d/.test(file) && !file.startsWith(`/proc/${String(process.pid)}/`)
      ? Promise.reject(new Error(`ENOENT: ${file}`))
      : real.readFile(file, options)) as typeof readFile);
}

it('a process that /proc hides is not taken for one that has ended: what it made may be in use', async () => {
  hideOthers();
  const child = spawn('sleep', ['60']);
  const startTime = (await real.readFile(`/proc/${String(child.pid)}/stat`, 'utf8'))
    .split(') ')[1]!
    .split(' ')[19]!;
  const tag = `${(await ownerTag()).split('.')[0]!}.${String(child.pid)}.${startTime}`;
  expect(await ownerOfTag(tag)).toBe('unknown');
  expect(await isOrphan(tag)).toBe(false);
  // It can be told all the same when it is gone.
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await ownerOfTag(tag)).toBe('gone');
  expect(await isOrphan(tag)).toBe(true);
});

it('a process whose user may not signal it is hidden, too', async () => {
  hideOthers();
  vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
  });
  expect(await isOrphan(`${(await ownerTag()).split('.')[0]!}.1.2`)).toBe(false);
});
