import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../../src/support/files/makeFolder.js';

const folder = mkdtempSync(join(tmpdir(), 'lvs-lab-folder-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('makeFolder', () => {
  it('makes all that is missing, with the mode asked for, and takes what is there', async () => {
    await makeFolder(join(folder, 'a', 'b'), 0o700);
    await makeFolder(join(folder, 'a', 'b'), 0o700);
    expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'a', 'b')).isDirectory()).toBe(true);
  });

  it('is made by two at once', async () => {
    const same = join(folder, 'x', 'y', 'z');
    await Promise.all([makeFolder(same), makeFolder(same)]);
    expect(statSync(same).isDirectory()).toBe(true);
  });

  it('comes back where no folder can be: below /proc, behind a file, through a link to nothing', async () => {
    await expect(makeFolder('/proc/lvs-lab/x')).rejects.toMatchObject({ code: 'ENOENT' });
    writeFileSync(join(folder, 'file'), '');
    await expect(makeFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(makeFolder(join(folder, 'file', 'x'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    symlinkSync(join(folder, 'nothing'), join(folder, 'dangling'));
    await expect(makeFolder(join(folder, 'dangling', 'x'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
