import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readKernelImage } from '../../../../src/engine/kernel/sources/image.js';
import { unpackVmlinux } from '../../../../src/engine/kernel/payload.js';
import { LabError } from '../../../../src/support/errors.js';
import { tempFolder } from '../tempFolder.js';
import { bzImage, rejection, signal } from './samples.js';

async function unpack(payload: Buffer): Promise<Buffer> {
  const work = tempFolder();
  const file = path.join(work, 'vmlinuz');
  writeFileSync(file, bzImage({ payload }));
  return unpackVmlinux(file, await readKernelImage(file), work, signal);
}

describe('unpackVmlinux', () => {
  it('decompresses gzip', async () => {
    expect((await unpack(gzipSync('vmlinux'))).toString()).toBe('vmlinux');
  });

  it.each([
    ['damaged', Buffer.from('1f8bff00000000000000', 'hex'), 'could not decompress the vmlinux'],
    ['of one byte', Buffer.from('x'), 'compressed in a way not known here'],
  ])('says that a payload is bad that is %s', async (_, payload, message) => {
    const error = await rejection(unpack(payload));
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).message).toContain(message);
  });
});
