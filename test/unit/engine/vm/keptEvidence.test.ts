import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { keptEvidence } from '../../../../src/engine/vm/keptEvidence.js';
import { ownCache, tempFolder } from '../tempFolder.js';

let cache: string;
beforeEach(() => {
  cache = ownCache();
});

const kept = (lab = 'lab-1') => keptEvidence(lab, () => undefined);

function evidence(): string {
  const folder = path.join(tempFolder(), 'control');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'load.json'), '{}');
  writeFileSync(path.join(folder, 'client.pcap'), Buffer.from([0xd4, 0xc3, 0xb2, 0xa1]));
  return folder;
}

describe('evidence that is kept with a saved lab', () => {
  it('is copied, byte for byte, and without the cache’s own file', async () => {
    const folder = evidence();
    await kept().keep('key', folder);
    const into = path.join(tempFolder(), 'again');
    expect(await kept().copy('key', into)).toBe(true);
    expect(readdirSync(into).sort()).toEqual(['client.pcap', 'load.json']);
    for (const name of readdirSync(into))
      expect(readFileSync(path.join(into, name))).toEqual(readFileSync(path.join(folder, name)));
  });

  it('is a copy, which whoever has it may change', async () => {
    await kept().keep('key', evidence());
    for (let time = 0; time < 2; time += 1) {
      const into = path.join(tempFolder(), 'again');
      await kept().copy('key', into);
      expect(readFileSync(path.join(into, 'load.json'), 'utf8')).toBe('{}');
      writeFileSync(path.join(into, 'load.json'), 'changed');
    }
  });

  it.each([
    ['another key', 'other', 'lab-1'],
    ['another lab', 'key', 'lab-2'],
  ])('is not that of %s, for which no folder is made', async (_, key, lab) => {
    await kept().keep('key', evidence());
    const into = path.join(tempFolder(), 'again');
    expect(await kept(lab).copy(key, into)).toBe(false);
    expect(existsSync(into)).toBe(false);
  });

  it('is none where there is no cache yet, and none is made for looking', async () => {
    expect(await kept().copy('key', path.join(tempFolder(), 'again'))).toBe(false);
    expect(existsSync(cache)).toBe(false);
  });

  it('is none any more when somebody has changed it, and can be kept anew', async () => {
    await kept().keep('key', evidence());
    const [entry = ''] = readdirSync(cache).filter((name) => !name.endsWith('.lock'));
    writeFileSync(path.join(cache, entry, 'load.json'), '[]');
    expect(await kept().copy('key', path.join(tempFolder(), 'again'))).toBe(false);
    await kept().keep('key', evidence());
    expect(await kept().copy('key', path.join(tempFolder(), 'again'))).toBe(true);
  });
});
