import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { openRegular } from './readRegular.js';

/** SHA-256 of a regular file in hexadecimal, read piece by piece. Rejects with the signal's reason when it aborts. */
export async function sha256OfFile(file: string, signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted();
  const hash = createHash('sha256');
  const handle = await openRegular(file);
  const stream = handle.createReadStream({ highWaterMark: 1 << 20 });
  await pipeline(stream, hash, signal === undefined ? {} : { signal }).catch((error: unknown) => {
    throw signal?.aborted === true ? signal.reason : error;
  });
  return hash.digest('hex');
}

/** SHA-256 of these bytes in hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
