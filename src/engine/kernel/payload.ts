import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { LabError } from '../../support/errors.js';
import { hostCommand } from '../../support/exec.js';
import { openRegular } from '../../support/files/readRegular.js';
import type { KernelImage } from './sources/image.js';

/** The first bytes of each payload format (in hexadecimal) and the program that decompresses it. Source: scripts/extract-vmlinux. */
const formats: readonly (readonly [magic: string, program: string])[] = [
  ['fd377a585a00', 'xz'],
  ['28b52ffd', 'zstd'],
  ['02214c18', 'lz4'],
  ['425a68', 'bzip2'],
  ['5d0000', 'lzma'],
  ['894c5a4f', 'lzop'],
];

/**
 * The vmlinux inside a bzImage, decompressed. Rejects with LabError when the program for it is not installed or the payload is damaged.
 * `work` is a folder for temporary files.
 */
export async function unpackVmlinux(
  file: string,
  image: KernelImage,
  work: string,
  signal: AbortSignal,
): Promise<Buffer> {
  if (image.payload === undefined) throw new LabError(`${file} is too old to say where its vmlinux is`);
  const payload = await readPart(file, image.payload);
  const magic = payload.toString('hex', 0, 6);
  if (magic.startsWith('1f8b')) return unzip(file, payload);
  const program = formats.find(([start]) => magic.startsWith(start))?.[1];
  if (program === undefined) throw new LabError(`${file}: its vmlinux is compressed in a way not known here`);
  const packed = path.join(work, 'payload');
  const unpacked = path.join(work, 'vmlinux');
  try {
    // But for gzip, the kernel's makefiles put four bytes with the size behind the compressed data.
    await writeFile(packed, payload.subarray(0, -4));
    await hostCommand([program, '-dc'], {
      purpose: `decompress the vmlinux in ${file} with ${program}`,
      seconds: 120,
      inputFile: packed,
      outputFile: unpacked,
      signal,
    });
    return await readFile(unpacked);
  } finally {
    await rm(packed, { force: true });
    await rm(unpacked, { force: true });
  }
}

async function unzip(file: string, payload: Buffer): Promise<Buffer> {
  try {
    return await promisify(gunzip)(payload);
  } catch (error) {
    throw new LabError(`could not decompress the vmlinux in ${file}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

async function readPart(
  file: string,
  { offset, length }: { readonly offset: number; readonly length: number },
): Promise<Buffer> {
  await using handle = await openRegular(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}
