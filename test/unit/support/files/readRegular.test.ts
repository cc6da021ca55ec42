import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  NotReadError,
  openRegular,
  readRegular,
  readRegularText,
} from '../../../../src/support/files/readRegular.js';

const folder = mkdtempSync(join(tmpdir(), 'lvs-lab-regular-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const at = (name: string) => join(folder, name);

describe('readRegular', () => {
  it('gives a file’s bytes, also through a symbolic link', async () => {
    writeFileSync(at('file'), 'hello');
    symlinkSync(at('file'), at('link'));
    expect(await readRegularText(at('file'), 5)).toBe('hello');
    expect(await readRegularText(at('link'), 5)).toBe('hello');
  });

  it('refuses one byte more than it may have, and a sparse file before it reads any', async () => {
    await expect(readRegular(at('file'), 4)).rejects.toThrow(NotReadError);
    writeFileSync(at('sparse'), '');
    truncateSync(at('sparse'), 2 ** 40);
    await expect(readRegular(at('sparse'), 1 << 20)).rejects.toThrow(
      'expected at most 1.0 MiB, found 1048576 MiB',
    );
  });

  it('stops at the limit in files that say they have no bytes', async () => {
    expect(await readRegularText('/proc/sys/kernel/ostype', 100)).toBe('Linux\n');
    await expect(readRegular('/proc/kallsyms', 1 << 20)).rejects.toThrow('expected at most 1.0 MiB');
  });

  it('waits for nobody at a FIFO, a device, a socket or a directory', async () => {
    execFileSync('mkfifo', [at('fifo')]);
    const server = createServer().listen(at('socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    const found = (file: string) =>
      readRegular(file, 100).catch((error: unknown) => (error as Error).message);
    expect(await found(at('fifo'))).toBe('expected a regular file, found a FIFO');
    expect(await found('/dev/zero')).toBe('expected a regular file, found a device');
    expect(await found(at('socket'))).toBe('expected a regular file, found a socket');
    expect(await found(folder)).toBe('expected a regular file, found a directory');
    server.close();
  });

  it('says what the system says of what is not there', async () => {
    await expect(readRegular(at('none'), 1)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('openRegular', () => {
  it('takes no symbolic link where links are refused, and the file itself there', async () => {
    await expect(openRegular(at('link'), { links: 'refused' })).rejects.toThrow('found a symbolic link');
    await (await openRegular(at('file'), { links: 'refused' })).close();
  });
});
