import { execFileSync } from 'node:child_process';
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

  it('decompresses what the kernel’s makefiles put a size behind', async () => {
    const packed = execFileSync('xz', ['-c'], { input: 'vmlinux' });
    expect((await unpack(Buffer.concat([packed, Buffer.alloc(4)]))).toString()).toBe('vmlinux');
  });

  it('says what the program says of a payload that is damaged', async () => {
    const packed = execFileSync('xz', ['-c'], { input: 'vmlinux' });
    const error = (await rejection(
      unpack(Buffer.concat([packed.subarray(0, 20), Buffer.alloc(4)])),
    )) as LabError;
    expect(error.message).toMatch(
      /could not decompress the vmlinux in .*vmlinuz with xz: `xz` ended with exit code 1/,
    );
    expect(error.details).toMatch(/^\$ xz -dc <.*payload >.*vmlinux\n.*Unexpected end of input/);
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
