import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ContainerFiles, librariesIn } from '../../../../bench/guest/containerFiles.js';
import { tempFolder } from '../../engine/tempFolder.js';

/** The command line that does in a folder what it would do at the root of a container. */
const inFolder = (folder: string) => (argv: readonly string[]) =>
  argv.map((word) => word.replaceAll('/bench', `${folder}/bench`));

describe('ContainerFiles', () => {
  it('puts a file, by its own name, through a standard input that does not end', async () => {
    const [here, there] = [tempFolder(), tempFolder()];
    const file = path.join(here, 'a b.txt');
    await writeFile(file, 'contents\n');
    const files = new ContainerFiles((argv) => [
      ...['sh', '-c', '{ cat; sleep 0.2; } | "$@"', 'sh'],
      ...inFolder(there)(argv),
    ]);
    expect(await files.put(file)).toBe('/bench/a b.txt');
    expect(await readFile(path.join(there, 'bench/a b.txt'), 'utf8')).toBe('contents\n');
  });

  it('begins a program with the loader and the libraries that came along', async () => {
    const there = tempFolder();
    const files = new ContainerFiles(inFolder(there));
    const [loader = '', option, libraries, program] = await files.program('env');
    expect([path.dirname(loader), option, libraries, program]).toEqual([
      '/bench/program-env',
      '--library-path',
      '/bench/program-env',
      '/bench/program-env/env',
    ]);
    expect(await readFile(`${there}/bench/program-env/env`)).toEqual(await readFile('/usr/bin/env'));
    expect(await readFile(`${there}${loader}`)).not.toHaveLength(0);
  });

  it('says which program this machine does not have', async () => {
    const files = new ContainerFiles(inFolder(tempFolder()));
    await expect(files.program('no-such-program')).rejects.toThrow(
      'could not find no-such-program on this machine',
    );
  });

  it('says what could not be copied', async () => {
    const files = new ContainerFiles(() => ['false']);
    await expect(files.put('/etc/hostname')).rejects.toThrow('could not copy /etc/hostname into the client');
  });
});

describe('librariesIn', () => {
  it('has libraries and the loader, and nothing of what is no file', () => {
    const listing = [
      '\tlinux-vdso.so.1 (0x00007ffd)',
      '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f01)',
      '\t/lib64/ld-linux-x86-64.so.2 (0x00007f02)',
    ].join('\n');
    expect(librariesIn(listing)).toEqual(['/lib/x86_64-linux-gnu/libc.so.6', '/lib64/ld-linux-x86-64.so.2']);
  });
});
