import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { saveImages } from '../../../../src/engine/imageSets/saveSet.js';
import { engineProgress } from '../../../../src/engine/port/engineProgress.js';
import { LabError, UsageError } from '../../../../src/support/errors.js';
import { tempFolder, withEnvironment } from '../tempFolder.js';

const progress = engineProgress(() => undefined, new AbortController().signal);

/** Nobody listens there: a file that will do is seen by that the engine is asked for. */
const withoutEngine = (): void => {
  withEnvironment({ DOCKER_HOST: `unix://${path.join(tempFolder(), 'none.sock')}` });
};

describe('saveImages', () => {
  it('writes no file in the place of a device, a FIFO or a folder, and asks no engine for it', async () => {
    withoutEngine();
    const folder = tempFolder();
    execFileSync('mkfifo', [path.join(folder, 'fifo')]);
    mkdirSync(path.join(folder, 'folder'));
    symlinkSync('/dev/null', path.join(folder, 'link'));
    const before = readdirSync(folder);
    for (const file of ['/dev/null', ...before.map((name) => path.join(folder, name))]) {
      const saved = saveImages('auto', file, progress);
      await expect(saved).rejects.toThrow(UsageError);
      await expect(saved).rejects.toThrow(/expected <file> to name a file to write, found a /);
    }
    const slashed = saveImages('auto', `${path.join(folder, 'new')}/`, progress);
    await expect(slashed).rejects.toThrow(/found the name of a folder: .*new\/$/);
    expect(readdirSync(folder)).toEqual(before);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('goes on to the engine with a file that is new', async () => {
    withoutEngine();
    const saved = saveImages('auto', path.join(tempFolder(), 'images.tar'), progress);
    await expect(saved).rejects.toThrow(LabError);
    await expect(saved).rejects.toThrow(/no Docker engine answers to save images from/);
  });
});
