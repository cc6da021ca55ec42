import { constants, type Stats } from 'node:fs';
import { open, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../errors.js';
import { kindOf } from './readRegular.js';

/**
 * Streams that this process was given open, and which may be written to like files: even pipes among them, because somebody holds their
 * other end.
 */
const given = /^\/(?:dev\/(?:null|stdout|stderr|fd\/\d+)|proc\/self\/fd\/\d+)$/;

interface Place {
  /** How the user named the place, `--junit` for example. */
  readonly option: string;
  /** `taken`: /dev/null and streams that this process was started with (/dev/stdout, /dev/fd/3) are allowed too. */
  readonly streams: 'taken' | 'refused';
}

/**
 * Throws UsageError when a path cannot be written as a file: writing to a FIFO without a reader would never end, and a device must not be
 * replaced by a file. A file that does not exist yet is fine.
 */
export async function refuseUnwritable(file: string, { option, streams }: Place): Promise<void> {
  if (streams === 'taken' && isGiven(file)) return;
  const problem = await problemOf(file);
  if (problem === undefined) return;
  throw new UsageError(`expected ${option} to name a file to write, found ${problem}: ${file}`, {
    hint: 'name a regular file, or one that is not there yet',
  });
}

/**
 * Writes a text to a regular file, replacing or extending it, or to a stream that `refuseUnwritable` takes. Rejects, without waiting, when
 * something else is in the file's place by now.
 */
export async function writeOutputFile(
  file: string,
  text: string,
  how: 'replacing' | 'adding' = 'replacing',
): Promise<void> {
  if (isGiven(file)) {
    await writeFile(file, text, { flag: how === 'adding' ? 'a' : 'w' });
    return;
  }
  const { O_WRONLY, O_CREAT, O_NONBLOCK, O_NOCTTY, O_TRUNC, O_APPEND } = constants;
  const flags = O_WRONLY | O_CREAT | O_NONBLOCK | O_NOCTTY | (how === 'adding' ? O_APPEND : O_TRUNC);
  await using handle = await open(file, flags, 0o666);
  const found = await handle.stat();
  if (!found.isFile()) throw new Error(`expected a regular file, found ${kindOf(found)}`);
  await handle.writeFile(text);
}

const isGiven = (file: string): boolean => given.test(path.resolve(file));

async function problemOf(file: string): Promise<string | undefined> {
  if (file.endsWith('/')) return 'the name of a folder';
  let found: Stats;
  try {
    found = await stat(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    return code === 'ENOTDIR' ? 'a file where a folder is in its path' : `that it cannot be (${message})`;
  }
  return found.isFile() ? undefined : kindOf(found);
}
