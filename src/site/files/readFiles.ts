import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { UsageError, messageOf } from '../../support/errors.js';
import { readRegular } from '../../support/files/readRegular.js';
import { unpackTar } from '../../support/files/tar.js';
import type { SourceFile } from '../model/sourceFile.js';
import { readIncluded } from './readIncluded.js';
import { textOf } from './textOf.js';

/** A file of 50,000 rules has 4 MB; nobody's has as many. */
const mostBytes = 32 * 2 ** 20;

/**
 * Reads the files that paths name, and those in folders and tars that they name, in the order of their names. Names stay as they were given. Files
 * that these include come behind them, where they are there.
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
  if (problems.length === 0) {
    try {
      files.push(...(await readIncluded(files, from, mostBytes)));
    } catch (error) {
      problems.push(messageOf(error));
    }
  }
  if (problems.length > 0)
    throw new UsageError(problems.join('\n'), {
      hint: 'Name files of the director, or a folder or tar with them.',
    });
  return files;
}

async function filesAt(path: string, from: string): Promise<readonly SourceFile[]> {
  const absolute = join(path.startsWith('/') ? '' : from, path);
  if (!(await stat(absolute)).isDirectory()) return await filesIn(path, absolute);
  const names = (await readdir(absolute, { recursive: true })).sort();
  const files: SourceFile[] = [];
  for (const name of names) {
    const inside = join(absolute, name);
    if ((await stat(inside)).isFile())
      files.push({ name: join(path, name), text: textOf(await readRegular(inside, mostBytes)) });
  }
  return files;
}

/** A file, or those of a tar. */
async function filesIn(name: string, absolute: string): Promise<readonly SourceFile[]> {
  const read = await readRegular(absolute, mostBytes);
  const bytes =
    read[0] === 0x1f && read[1] === 0x8b ? gunzipSync(read, { maxOutputLength: mostBytes }) : read;
  const isTar = bytes.subarray(257, 262).toString('latin1') === 'ustar';
  if (!isTar) return [{ name, text: textOf(bytes), isNamed: true }];
  const files = await unpackTar(bytes, mostBytes);
  return files
    .map((file) => ({ name: join(name, file.name), text: textOf(file.content) }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}
