import { constants } from 'node:fs';
import { lstat, open, stat, type FileHandle } from 'node:fs/promises';

/** A path was not read because it is no regular file, and might never end, or because it is larger than expected. */
export class NotReadError extends Error {
  override readonly name = 'NotReadError';
}

/** How many bytes are read at a time. */
const pieceBytes = 1 << 20;

/**
 * Reads a regular file of at most `mostBytes`. Rejects with NotReadError when the path is something else (a device, a FIFO, a socket) or
 * larger, and with the system's error when it cannot be opened.
 */
export async function readRegular(file: string, mostBytes: number): Promise<Buffer> {
  await using handle = await openRegular(file);
  const found = await handle.stat();
  if (found.size > mostBytes) throw tooLarge(found.size, mostBytes);
  return found.size > 0 ? await handle.readFile() : await readToEnd(handle, mostBytes);
}

/** Reads like `readRegular`, and returns the bytes as UTF-8 text. */
export async function readRegularText(file: string, mostBytes: number): Promise<string> {
  return (await readRegular(file, mostBytes)).toString('utf8');
}

/** Opens a regular file for reading. Rejects with NotReadError for anything else; with `links: 'refused'` also for a symbolic link. */
export async function openRegular(
  file: string,
  { links = 'followed' }: { readonly links?: 'followed' | 'refused' } = {},
): Promise<FileHandle> {
  // Looked at before it is opened, for to open a device can do things; and after, for it may be another by then.
  refuseSpecial(links === 'refused' ? await lstat(file) : await stat(file));
  const { O_RDONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW } = constants;
  // Not to wait for the other end of a FIFO that has taken the file's place.
  const flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | (links === 'refused' ? O_NOFOLLOW : 0);
  const handle = await open(file, flags);
  try {
    refuseSpecial(await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Reads a file that claims to have 0 bytes, as the kernel's own files do, and that may never end. */
async function readToEnd(handle: FileHandle, mostBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let total = 0; ;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes);
    if (bytesRead === 0) return Buffer.concat(pieces);
    pieces.push(buffer.subarray(0, bytesRead));
    total += bytesRead;
    if (total > mostBytes) throw tooLarge(total, mostBytes);
  }
}

type Found = Awaited<ReturnType<typeof stat>>;

function refuseSpecial(found: Found): void {
  if (found.isFile()) return;
  throw new NotReadError(`expected a regular file, found ${kindOf(found)}`);
}

/** What kind of thing is at a path, in words. */
export function kindOf(found: Omit<Found, 'size'>): string {
  if (found.isDirectory()) return 'a directory';
  if (found.isFIFO()) return 'a FIFO';
  if (found.isSocket()) return 'a socket';
  if (found.isSymbolicLink()) return 'a symbolic link';
  return found.isFile() ? 'a file' : 'a device';
}

function tooLarge(bytes: number, most: number): NotReadError {
  return new NotReadError(`expected at most ${mebibytesText(most)}, found ${mebibytesText(bytes)}`);
}

const mebibytesText = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 30 ? 1 : 0)} MiB`;
