import { chmodSync, mkdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashTree } from '../../../../src/engine/cache/hashTree.js';
import { tempFolder } from '../tempFolder.js';

function tree(): string {
  const folder = tempFolder();
  mkdirSync(path.join(folder, 'below'));
  writeFileSync(path.join(folder, 'init'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(path.join(folder, 'below', 'notes'), 'text');
  return folder;
}

describe('hashTree', () => {
  it('gives equal trees the same hash, wherever they are and whenever they were written', async () => {
    const [one, other] = [tree(), tree()];
    utimesSync(path.join(other, 'init'), 1, 1);
    const hash = await hashTree(one);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashTree(other)).toBe(hash);
  });

  it.each<[string, (folder: string) => void]>([
    [
      'a content',
      (folder) => {
        writeFileSync(path.join(folder, 'below', 'notes'), 'Text');
      },
    ],
    [
      'a name',
      (folder) => {
        renameSync(path.join(folder, 'init'), path.join(folder, 'Init'));
      },
    ],
    [
      'a place',
      (folder) => {
        renameSync(path.join(folder, 'below', 'notes'), path.join(folder, 'notes'));
      },
    ],
    [
      'that a file can be executed',
      (folder) => {
        chmodSync(path.join(folder, 'init'), 0o644);
      },
    ],
    [
      'the number of files',
      (folder) => {
        writeFileSync(path.join(folder, 'more'), '');
      },
    ],
  ])('changes with %s', async (_, change) => {
    const folder = tree();
    const before = await hashTree(folder);
    change(folder);
    expect(await hashTree(folder)).not.toBe(before);
  });

  it('leaves out what is not wanted', async () => {
    const folder = tree();
    const wanted = (file: string): boolean => file.startsWith('below/');
    const before = await hashTree(folder, wanted);
    writeFileSync(path.join(folder, 'init'), 'other');
    expect(await hashTree(folder, wanted)).toBe(before);
    writeFileSync(path.join(folder, 'below', 'notes'), 'other');
    expect(await hashTree(folder, wanted)).not.toBe(before);
  });
});
