import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { openRegular } from './readRegular.js';

/** Streams a regular file through SHA-256; hex. */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  const handle = await openRegular(file);
  await pipeline(handle.createReadStream({ highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** The SHA-256 of bytes at hand; hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
