import { pack } from 'tar-stream';
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
