import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyParts, namedParts } from '../../../../src/matrix/merge/copyParts.js';
import { folder, textOf } from '../matrices.js';

const never = new AbortController().signal;

function part(name: string): string {
  const directory = path.join(folder(), name);
  mkdirSync(path.join(directory, 'job', 'control'), { recursive: true });
  writeFileSync(path.join(directory, 'job', 'control', 'load.json'), name);
  return directory;
}

describe('copying parts', () => {
  it('keeps each whole, under its name', async () => {
    const out = folder();
    const parts = [part('one'), part('two')];
    expect(await copyParts(parts, out, never)).toEqual([
      { directory: parts[0], copy: path.join(out, 'one') },
      { directory: parts[1], copy: path.join(out, 'two') },
    ]);
    expect(textOf(out, 'one', 'job/control/load.json')).toBe('one');
    expect(textOf(out, 'two', 'job/control/load.json')).toBe('two');
  });

  it('tells parts of one name apart', () => {
    const names = (...directories: string[]) => namedParts(directories).map(({ name }) => name);
    expect(names('/a/run', '/b/run', '/c/other', '/d/run')).toEqual(['run', 'run-2', 'other', 'run-3']);
    expect(names('/a/run-2', '/b/run', '/c/run')).toEqual(['run-2', 'run', 'run-3']);
  });

  it('leaves nothing behind when one cannot be copied, and says which', async () => {
    const out = folder();
    const broken = path.join(folder(), 'gone');
    symlinkSync('/nonexistent/anything', broken);
    await expect(copyParts([part('one'), path.join(broken, 'x')], out, never)).rejects.toThrow(
      /could not copy .*gone\/x to /,
    );
    expect(readdirSync(out)).toEqual([]);
  });

  it('leaves nothing behind when it is told to stop', async () => {
    const out = folder();
    await expect(copyParts([part('one')], out, AbortSignal.abort(new Error('interrupted')))).rejects.toThrow(
      'interrupted',
    );
    expect(readdirSync(out)).toEqual([]);
  });
});
