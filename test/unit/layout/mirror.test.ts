import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/support/packageRoot.js';

/** Tests of what is in no folder of modules. */
const ownFolders = new Set(['ci', 'docs', 'fuzz', 'layout']);

/** More than a stranger takes in at a glance. */
const mostFiles = 15;

const dirname = (file: string) => path.posix.dirname(file);
const basename = (file: string, ending?: string) => path.posix.basename(file, ending);

/** Files below a folder of the package, relative to the package's root. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(path.join(packageRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(packageRoot, path.join(entry.parentPath, entry.name)));
}

const modules = ['src', 'lab', 'scripts', 'bench'].flatMap(filesBelow);
const unitTests = filesBelow('test/unit').filter((file) => file.endsWith('.test.ts'));

/** Where the tests of a module's folder are. */
function mirrored(folder: string): string {
  return path.posix.join('test/unit', folder.replace(/^src(?=\/|$)/, ''));
}

/** `test/unit/verdict/fates/closing.test.ts` -> `verdict`. */
function layerOf(test: string): string {
  return test.split('/')[2] ?? '';
}

/** What is wrong with the places of tests, one sentence each. */
function misplaced(tests: readonly string[], files: readonly string[]): readonly string[] {
  const above = (folder: string): string[] =>
    folder === '.' ? [] : [mirrored(folder), ...above(dirname(folder))];
  const places = new Set(files.flatMap((file) => above(dirname(file))));
  const foldersOf = new Map<string, readonly string[]>();
  for (const file of files) {
    const folder = mirrored(dirname(file));
    const name = `${layerOf(`${folder}/`)} ${basename(file).replace(/\.\w+$/, '')}`;
    foldersOf.set(name, [...(foldersOf.get(name) ?? []), folder]);
  }
  return tests
    .filter((test) => !ownFolders.has(layerOf(test)))
    .flatMap((test) => {
      if (!places.has(dirname(test))) return [`${test}: no folder of modules is called so`];
      const subjects = foldersOf.get(`${layerOf(test)} ${basename(test, '.test.ts')}`) ?? [];
      if (subjects.length === 0 || subjects.includes(dirname(test))) return [];
      return [`${test}: belongs to ${subjects.join(' or ')}, where what it is named after is`];
    });
}

/** Folders with more files than anybody looks through. */
function crowded(files: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  return [...counts].flatMap(([folder, count]) =>
    count > mostFiles ? [`${folder} has ${count} files: sort them into folders`] : [],
  );
}

describe('unit tests', () => {
  it('are where what they test is', () => {
    expect(unitTests.length).toBeGreaterThan(150);
    expect(misplaced(unitTests, modules)).toEqual([]);
  });

  it('are seen to be elsewhere', () => {
    const files = ['src/a/deep/one.ts', 'src/a/two.ts', 'src/b/one.ts', 'lab/node/cold.sh'];
    const right = ['a/deep/one', 'a/two', 'a/deep/whole', 'b/one', 'lab/node/cold', 'docs/two'];
    const tests = (names: readonly string[]) => names.map((name) => `test/unit/${name}.test.ts`);
    expect(misplaced(tests(right), files)).toEqual([]);
    expect(misplaced(tests(['a/one', 'a/gone/x', 'lab/cold']), files)).toEqual([
      'test/unit/a/one.test.ts: belongs to test/unit/a/deep, where what it is named after is',
      'test/unit/a/gone/x.test.ts: no folder of modules is called so',
      'test/unit/lab/cold.test.ts: belongs to test/unit/lab/node, where what it is named after is',
    ]);
  });
});

describe('folders', () => {
  it('have few enough files to find one', () => {
    // Recorded evidence is kept as it was written.
    const tests = filesBelow('test').filter((file) => !file.startsWith('test/fixtures/'));
    expect(tests).toContain('test/integration/setup/vm.ts');
    expect(crowded([...modules, ...tests, ...filesBelow('docs')])).toEqual([]);
  });

  it('are seen to have too many', () => {
    const files = Array.from({ length: mostFiles + 1 }, (_, index) => `src/a/${index}.ts`);
    expect(crowded(files.slice(1))).toEqual([]);
    expect(crowded(files)).toEqual(['src/a has 16 files: sort them into folders']);
  });
});
