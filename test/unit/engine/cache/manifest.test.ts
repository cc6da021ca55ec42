import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCorruption, writeManifest } from '../../../../src/engine/cache/cacheManifest.js';
import { tempFolder } from '../tempFolder.js';

describe('the manifest of a cache entry', () => {
  it('says what the entry was made from and what its files are', async () => {
    const folder = tempFolder();
    writeFileSync(path.join(folder, 'vmlinuz'), 'abc');
    writeFileSync(path.join(folder, 'empty'), '');
    await writeManifest(folder, { suite: 'sid' });
    const manifest = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as unknown;
    const mtimeMs = (name: string): number => statSync(path.join(folder, name)).mtimeMs;
    expect(manifest).toEqual({
      inputs: { suite: 'sid' },
      files: {
        empty: { size: 0, mtimeMs: mtimeMs('empty'), sha256: createHash('sha256').digest('hex') },
        vmlinuz: {
          size: 3,
          mtimeMs: mtimeMs('vmlinuz'),
          sha256: createHash('sha256').update('abc').digest('hex'),
        },
      },
    });
    expect(await findCorruption(folder)).toBeUndefined();
  });

  it.each([
    ['', 'manifest.json cannot be read (expected JSON, found "")'],
    ['{"inputs":{},"files":{"vmlinuz":{"size":3}}}', 'unexpected contents at files.vmlinuz.mtimeMs'],
    ['{"inputs":{},"files":null}', 'unexpected contents at files: '],
  ])('that holds `%s` makes the entry a corrupt one', async (text, problem) => {
    const folder = tempFolder();
    writeFileSync(path.join(folder, 'manifest.json'), text);
    expect(await findCorruption(folder)).toContain(problem);
  });

  it('does not mind a file that came later', async () => {
    const folder = tempFolder();
    await writeManifest(folder, {});
    writeFileSync(path.join(folder, 'later'), '');
    expect(await findCorruption(folder)).toBeUndefined();
  });
});
