import { extract, pack } from 'tar-stream';
import { buffer } from 'node:stream/consumers';

export interface TarFile {
  readonly name: string;
  readonly content: string | Buffer;
  /** Permission bits; 0644 by default. */
  readonly mode?: number;
}

/** A tar of a few small files, in memory. */
export async function packTar(files: readonly TarFile[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, content, mode = 0o644 } of files) archive.entry({ name, mode }, content);
  archive.finalize();
  return buffer(archive);
}

/** The regular files of a tar in memory, of at most so many bytes each. Rejects when it is cut or is none. */
export async function unpackTar(
  bytes: Buffer,
  mostBytes: number,
): Promise<readonly { readonly name: string; readonly content: Buffer }[]> {
  const found: { readonly name: string; readonly content: Buffer }[] = [];
  const archive = extract();
  archive.end(bytes);
  for await (const entry of archive) {
    const { name, type, size } = entry.header;
    // Sparse files claim any size.
    if (type === 'file' && size <= mostBytes) found.push({ name, content: await buffer(entry) });
    else entry.resume();
  }
  return found;
}
