import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { foldersShown } from './layoutBlock.js';

const page = readFileSync(path.join(packageRoot, 'docs', 'architecture.md'), 'utf8');
const foldersOf = (folder: string): readonly string[] =>
  readdirSync(path.join(packageRoot, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${folder}/${name}`);

/** Folders that are there and not shown, and shown and not there. */
function differences(shown: readonly string[]): readonly string[] {
  const layers = foldersOf('src');
  const there = [...layers, ...layers.flatMap(foldersOf), ...foldersOf('lab'), ...foldersOf('scripts')];
  return [
    ...there.filter((folder) => !shown.includes(folder)).map((folder) => `${folder} is not shown`),
    ...shown
      .filter((folder) => !existsSync(path.join(packageRoot, folder)))
      .map((folder) => `${folder} is not there`),
  ];
}

describe('the layout in docs/architecture.md', () => {
  it('shows the folders that there are', () => {
    expect(differences(foldersShown(page))).toEqual([]);
  });

  it('is seen to miss one, and to show one that is gone', () => {
    expect(differences(foldersShown(page.replace('      fates/ ', '      fatums/')))).toEqual([
      'src/verdict/fates is not shown',
      'src/verdict/fatums is not there',
    ]);
  });
});
