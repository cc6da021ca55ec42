import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { imageGroups } from '../../../../src/engine/images/groups.js';
import { loadImages } from '../../../../src/engine/imageSets/loadSet.js';
import { savedImages, savedSet, setsRoot } from '../../../../src/engine/images/savedSets.js';
import { engineProgress } from '../../../../src/engine/port/engineProgress.js';
import { UsageError } from '../../../../src/support/errors.js';
import { tempFolder, withEnvironment } from '../tempFolder.js';

const progress = engineProgress(() => undefined, new AbortController().signal);
const images = Object.fromEntries(
  ['client', 'director', 'realserver'].map((role) => [role, `lvs-lab/${role}:0123456789ab`]),
);

/** A file as `images save` writes it, with changes to what it says of itself. */
function savedFile(changes: object = {}, archive = 'layers'): string {
  withEnvironment({ XDG_DATA_HOME: tempFolder() });
  const folder = tempFolder();
  const sha256 = createHash('sha256').update('layers').digest('hex');
  const about = { format: 1, image: 'debian:trixie', images, sha256, tool: '1', ...changes };
  writeFileSync(path.join(folder, 'lvs-lab-images.json'), JSON.stringify(about));
  writeFileSync(path.join(folder, 'images.tar'), archive);
  execFileSync('tar', ['-cf', 'set.tar', 'lvs-lab-images.json', 'images.tar'], { cwd: folder });
  return path.join(folder, 'set.tar');
}

describe('loadImages', () => {
  it('takes in a set, which its image is then made of', async () => {
    await loadImages(savedFile(), progress);
    expect(savedImages()).toEqual(['debian:trixie']);
    const set = savedSet('debian:trixie');
    expect(set?.images).toEqual(images);
    expect(readFileSync(set?.archive ?? '', 'utf8')).toBe('layers');
    expect(imageGroups('debian:trixie').vm[0]?.bases[0]?.kind).toBe('saved');
    expect(imageGroups('debian:sid').vm[1]?.bases[0]?.kind).toBe('packages');
  });

  it('shows a name with a blank at its end as one', async () => {
    const file = `${savedFile()} `;
    await expect(loadImages(file, progress)).rejects.toThrow(`expected '${file}' to be a file of`);
    await expect(loadImages(file.trim(), progress)).resolves.toBeDefined();
  });

  it('is told of by its file, and how to have it again, where what it says is damaged later', async () => {
    await loadImages(savedFile(), progress);
    const about = path.join(setsRoot(), encodeURIComponent('debian:trixie'), 'lvs-lab-images.json');
    writeFileSync(about, readFileSync(about, 'utf8').slice(0, 40));
    expect(() => savedSet('debian:trixie')).toThrow(`${about} cannot be read: expected JSON, found `);
    writeFileSync(about, '{"format":1}');
    expect(() => savedSet('debian:trixie')).toThrow(
      `${about} cannot be read: unexpected contents at image: `,
    );
  });

  const cut = (): string => {
    const file = savedFile();
    truncateSync(file, 700);
    return file;
  };
  const other = (): string => {
    const file = savedFile();
    writeFileSync(file, 'not a tar');
    return file;
  };
  /** A file whose member of that name is something else than a file. */
  const special = (member: string, make: (at: string) => void): string => {
    const file = savedFile();
    const folder = path.dirname(file);
    rmSync(path.join(folder, member));
    make(path.join(folder, member));
    execFileSync('tar', ['-cf', 'set.tar', 'lvs-lab-images.json', 'images.tar'], { cwd: folder });
    return file;
  };
  const fifo = (at: string) => execFileSync('mkfifo', [at]);
  const link = (at: string) => {
    symlinkSync('/etc/hostname', at);
  };
  const fifoInstead = (): string => {
    const file = savedFile();
    rmSync(file);
    fifo(file);
    return file;
  };
  it.each([
    ['it is a FIFO', fifoInstead, 'cannot be read: expected a regular file, found a FIFO'],
    [
      'it has a FIFO for images',
      () => special('images.tar', fifo),
      'images.tar in it: expected a regular file, found a FIFO',
    ],
    ['it has a FIFO for what it says', () => special('lvs-lab-images.json', fifo), 'found a FIFO'],
    ['it has a link to a file of the machine', () => special('images.tar', link), 'found a symbolic link'],
    [
      'one byte was changed',
      () => savedFile({}, 'Layers'),
      'is damaged: expected images.tar in it with SHA-256',
    ],
    ['it was cut off', cut, 'all of it'],
    ['it is something else', other, 'to be a file of `lvs-lab images save`'],
    ['it is not there', () => `${savedFile()}.no`, 'to be a file of `lvs-lab images save`'],
    ['it has another format', () => savedFile({ format: 2 }), 'was not written by a version'],
    ['it lacks a role', () => savedFile({ images: {} }), 'was not written by a version'],
  ])('refuses a file when %s, and keeps nothing of it', async (_, file, message) => {
    const error: unknown = await loadImages(file(), progress).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toContain(message);
    expect(readdirSync(setsRoot())).toEqual([]);
  });
});
