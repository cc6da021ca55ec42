import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../../../src/support/errors.js';
import { refuseUnwritable, writeOutputFile } from '../../../../src/support/files/outputFile.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-lab-output-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
const at = (name: string) => join(folder, name);
const asReport = { option: '--junit', streams: 'taken' } as const;
const asFile = { option: '<file>', streams: 'refused' } as const;

describe('the place of a file to be written', () => {
  it('may be one that is not there yet, a regular file, or a link to one', async () => {
    writeFileSync(at('old'), '');
    symlinkSync(at('old'), at('link'));
    for (const name of ['new', 'old', 'link', 'no/such/folder/new'])
      for (const place of [asReport, asFile]) await refuseUnwritable(at(name), place);
  });

  it('is not a FIFO, a folder, a socket, below a file, a device, or a link to any of these', async () => {
    execFileSync('mkfifo', [at('fifo')]);
    mkdirSync(at('folder'));
    writeFileSync(at('file'), '');
    symlinkSync(at('fifo'), at('link'));
    const server = createServer().listen(at('socket'));
    await once(server, 'listening');
    const found = { fifo: 'a FIFO', folder: 'a directory', socket: 'a socket', link: 'a FIFO' };
    try {
      for (const [name, kind] of Object.entries(found)) {
        const refused = refuseUnwritable(at(name), asReport);
        await expect(refused).rejects.toThrow(UsageError);
        await expect(refused).rejects.toThrow(
          `expected --junit to name a file to write, found ${kind}: ${at(name)}`,
        );
      }
    } finally {
      server.close();
    }
    await expect(refuseUnwritable(at('file/x'), asReport)).rejects.toThrow(/found a file where a folder is/);
    await expect(refuseUnwritable('/dev/zero', asReport)).rejects.toThrow(/found a device: \/dev\/zero/);
  });

  it('may be /dev/null or what the process was given open, where text will do, and not where a file is wanted', async () => {
    for (const stream of ['/dev/null', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/2'])
      await refuseUnwritable(stream, asReport);
    await expect(refuseUnwritable('/dev/null', asFile)).rejects.toThrow(/found a device: \/dev\/null/);
  });
});

describe('a file to be written', () => {
  it('is replaced, or added to', async () => {
    writeFileSync(at('file'), 'what was there before\n');
    await writeOutputFile(at('file'), 'one\n');
    await writeOutputFile(at('file'), 'two\n', 'adding');
    expect(readFileSync(at('file'), 'utf8')).toBe('one\ntwo\n');
    await writeOutputFile('/dev/null', 'text');
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('keeps nobody waiting when a FIFO has taken its place, read by somebody or not', async () => {
    execFileSync('mkfifo', [at('fifo')]);
    await expect(writeOutputFile(at('fifo'), 'text')).rejects.toThrow(/ENXIO/);
    const reader = spawn('cat', [at('fifo')], { stdio: ['ignore', 'pipe', 'ignore'] });
    const read: Buffer[] = [];
    reader.stdout.on('data', (piece: Buffer) => read.push(piece));
    // Its opening can be seen by that the error is another one.
    let refused = '';
    while (!refused.includes('found a FIFO'))
      refused = await writeOutputFile(at('fifo'), 'text').then(
        () => 'written: found a FIFO',
        (error: unknown) => (error as Error).message,
      );
    expect(refused).toBe('expected a regular file, found a FIFO');
    await once(reader, 'close');
    expect(Buffer.concat(read)).toHaveLength(0);
  });
});
