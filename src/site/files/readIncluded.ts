import { readdir } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import picomatch from 'picomatch';
import { readRegular } from '../../support/files/readRegular.js';
import type { SourceFile } from '../model/sourceFile.js';
import { kindOfFile } from './detect.js';
import { includedNames, includePlaces, includesIn, isPattern } from './includes.js';
import { textOf } from './textOf.js';

/** No director has as many. */
const mostFiles = 1000;

/**
 * Reads the files that the given ones include and that were not given, from where they are beside those. A file that is not there is left out
 * here: `splice` reports it. Rejects with NotReadError when a file is larger than `mostBytes`.
 */
export async function readIncluded(
  files: readonly SourceFile[],
  from: string,
  mostBytes: number,
): Promise<readonly SourceFile[]> {
  const all = new Map(files.map((file) => [file.name, file]));
  const found: SourceFile[] = [];
  const open = files.flatMap((file) => {
    const kind = kindOfFile(file.text, file.name);
    return kind === undefined ? [] : [{ file, kind }];
  });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { file, kind } = next;
    for (const { path } of includesIn(file.text, kind)) {
      const known = includedNames(path, file.name, [...all.keys()]);
      const names = known.length > 0 ? known : await namesOnDisk(path, file.name, from);
      for (const name of names) {
        if (all.has(name) || found.length >= mostFiles) continue;
        const text = textOf(await readRegular(absolute(from, name), mostBytes));
        const included = { name, text };
        all.set(name, included);
        found.push(included);
        // What is included is in the language of the file that names it.
        open.push({ file: included, kind });
      }
    }
  }
  return found;
}

async function namesOnDisk(path: string, including: string, from: string): Promise<readonly string[]> {
  for (const place of includePlaces(path, including)) {
    const { base } = picomatch.scan(place);
    const folder = isPattern(place) ? base : dirname(place);
    const isDeep = isPattern(posix.dirname(place));
    const entries = await readdir(absolute(from, folder), { withFileTypes: true, recursive: isDeep }).catch(
      () => [],
    );
    const names = entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => posix.join(folder, entry.parentPath.slice(absolute(from, folder).length), entry.name));
    const isMeant = isPattern(place) ? picomatch(place) : (name: string) => name === place;
    const meant = names.filter((name) => isMeant(name) && name !== including).toSorted();
    if (meant.length > 0) return meant;
  }
  return [];
}

function absolute(from: string, name: string): string {
  return name.startsWith('/') ? name : join(from, name);
}
