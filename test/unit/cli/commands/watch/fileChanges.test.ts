import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { FileChanges, type Changed } from '../../../../../src/cli/commands/watch/fileChanges.js';
import { folder } from '../../harness.js';

/** Files that are followed; what was told of them so far. */
async function following(text: Readonly<Record<string, string>> = { a: 'one\n', b: 'one\n' }) {
  const place = join(folder(), 'site');
  mkdirSync(place);
  const at = (name: string): string => join(place, name);
  for (const [name, said] of Object.entries(text)) writeFileSync(at(name), said);
  const told: string[][] = [];
  let tell = (): void => undefined;
  const changes = new FileChanges(({ files }: Changed) => {
    told.push(files.map((file) => file.slice(place.length + 1)));
    tell();
  });
  await changes.follow(Object.keys(text).map(at));
  const next = (): Promise<void> =>
    new Promise((resolve) => {
      tell = resolve;
    });
  return { place, at, told, next, changes };
}

/** Longer than a file may be away, with which a change would have been told. */
const longEnough = 1500;

describe('files that are followed', () => {
  it.each<[string, (file: string) => unknown]>([
    [
      'in place',
      (file) => {
        writeFileSync(file, 'two\n');
      },
    ],
    [
      'by a new file that is renamed',
      (file) => {
        writeFileSync(`${file}.new`, 'two\n');
        renameSync(`${file}.new`, file);
      },
    ],
    [
      'by a backup that stays',
      (file) => {
        renameSync(file, `${file}~`);
        writeFileSync(file, 'two\n');
      },
    ],
    [
      'removed, and made again after a moment',
      async (file) => {
        rmSync(file);
        await sleep(300);
        writeFileSync(file, 'two\n');
      },
    ],
    [
      'emptied, and written after a moment',
      async (file) => {
        writeFileSync(file, '');
        await sleep(300);
        writeFileSync(file, 'two\n');
      },
    ],
  ])('are told once each time that they are saved %s', async (_how, save) => {
    const { at, told, next, changes } = await following();
    await using _closing = changes;
    for (const round of [1, 2]) {
      const heard = next();
      writeFileSync(at('b'), 'one\n');
      await save(at('a'));
      await heard;
      expect(told).toEqual(Array.from({ length: round }, () => ['a']));
      // The next time it says something else than now.
      writeFileSync(at('a'), 'one\n');
      const back = next();
      await back;
      told.pop();
    }
  });

  it('are not told where they say the same, and where others were saved', async () => {
    const { at, told, changes } = await following();
    await using _closing = changes;
    writeFileSync(at('a'), 'one\n');
    utimesSync(at('b'), new Date(), new Date());
    writeFileSync(at('c'), 'new\n');
    await sleep(longEnough);
    expect(told).toEqual([]);
  });

  it('are told when they stay away, and when they are back, with their folder', async () => {
    const { place, told, next, changes } = await following();
    await using _closing = changes;
    const gone = next();
    renameSync(place, `${place}.away`);
    await gone;
    expect(told).toEqual([['a', 'b']]);
    const back = next();
    renameSync(`${place}.away`, place);
    await back;
    expect(told).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    const again = next();
    writeFileSync(join(place, 'b'), 'two\n');
    await again;
    expect(told.at(-1)).toEqual(['b']);
  });

  it('are followed where a link leads to them', async () => {
    const { at, changes } = await following();
    await changes[Symbol.asyncDispose]();
    symlinkSync(at('a'), at('link'));
    let tell = (_changed: Changed): void => undefined;
    const told = new Promise<Changed>((resolve) => {
      tell = resolve;
    });
    await using linked = new FileChanges((changed) => {
      tell(changed);
    });
    await linked.follow([at('link')]);
    writeFileSync(at('a'), 'two\n');
    expect((await told).files).toEqual([at('link')]);
  });

  it('are others from the moment on that others are followed', async () => {
    const { at, told, next, changes } = await following();
    await using _closing = changes;
    writeFileSync(at('a'), 'two\n');
    await changes.follow([at('a'), at('c')]);
    writeFileSync(at('b'), 'two\n');
    const heard = next();
    writeFileSync(at('c'), 'here\n');
    await heard;
    expect(told).toEqual([['c']]);
  });
});
