import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError, messageOf } from '../../support/errors.js';
import { readRegularText } from '../../support/files/readRegular.js';
import type { SourceFile } from '../model/sourceFile.js';

/** A file of 50,000 rules has 4 MB; nobody's has as many. */
const mostBytes = 32 * 2 ** 20;

/**
 * Reads the files that paths name, and those in folders that they name, in the order of their names. Names stay as they were given.
 * @throws UsageError that names every path that cannot be read.
 */
export async function readFiles(paths: readonly string[], from: string): Promise<readonly SourceFile[]> {
  const files: SourceFile[] = [];
  const problems: string[] = [];
  for (const path of paths) {
    try {
      files.push(...(await filesAt(path, from)));
    } catch (error) {
      problems.push(`${path}: ${messageOf(error)}`);
    }
  }
  if (problems.length > 0)
    throw new UsageError(problems.join('\n'), { hint: 'Name files of the director, or a folder with them.' });
  return files;
}

async function filesAt(path: string, from: string): Promise<readonly SourceFile[]> {
  const absolute = join(path.startsWith('/') ? '' : from, path);
  if (!(await stat(absolute)).isDirectory()) return [{ ...(await fileAt(path, absolute)), isNamed: true }];
  const names = (await readdir(absolute, { recursive: true })).sort();
  const files: SourceFile[] = [];
  for (const name of names) {
    const inside = join(absolute, name);
    if ((await stat(inside)).isFile()) files.push(await fileAt(join(path, name), inside));
  }
  return files;
}

async function fileAt(name: string, absolute: string): Promise<SourceFile> {
  // What Windows puts before a text is none of it.
  const text = (await readRegularText(absolute, mostBytes)).replace(/^\uFEFF/, '');
  return { name, text };
}
