import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readKernelImage } from '../../../../../src/engine/kernel/sources/image.js';
import { UsageError } from '../../../../../src/support/errors.js';
import { tempFolder } from '../../tempFolder.js';
import { bzImage as wholeImage } from '../samples.js';

/** The start of a bzImage as Documentation/arch/x86/boot.rst describes it. */
function bzImage(version: string, pointer = 0x3000): Buffer {
  const image = Buffer.alloc(0x5000);
  image.write('\xeb\x6aHdrS', 0x200, 'latin1');
  image.writeUInt16LE(0xaa55, 0x1fe);
  image.writeUInt16LE(pointer, 0x20e);
  if (pointer !== 0) image.write(`${version}\0rest`, pointer + 0x200, 'latin1');
  return image;
}

function fileOf(content: string | Buffer): string {
  const file = path.join(tempFolder(), 'vmlinuz');
  writeFileSync(file, content);
  return file;
}

/** The start of an ELF file for a machine, by the number that elf.h has for it. */
function vmlinux(machine: number): Buffer {
  const elf = Buffer.alloc(0x400);
  elf.write('\x7fELF\x02', 'latin1');
  elf.writeUInt16LE(machine, 18);
  return elf;
}

const tarMagic = (): Buffer => Buffer.concat([Buffer.from('!<arch>\ndebian-binary   '), Buffer.alloc(0x400)]);

describe('readKernelImage', () => {
  it('reads the release out of a bzImage’s header', async () => {
    const version = '6.1.0-56-amd64 (debian-kernel@example) #1 SMP PREEMPT_DYNAMIC Debian 6.1.164-1';
    expect((await readKernelImage(fileOf(bzImage(version)))).release).toBe('6.1.0-56-amd64');
    expect((await readKernelImage(fileOf(bzImage('6.18.0+')))).release).toBe('6.18.0+');
  });

  it.each<[string, string | Buffer, string]>([
    ['an empty file', '', 'it is empty'],
    ['a vmlinux', vmlinux(62), 'it is an ELF file (a vmlinux?)'],
    ['a compressed file', gzipSync('x'.repeat(10)), 'it is a gzip file'],
    ['a Debian package', tarMagic(), 'it is a Debian package'],
    ['text', 'hello, world', 'it begins with 68656c6c6f2c2077'],
    [
      'a boot sector that is no kernel',
      bzImage('6.1').fill(0, 0x202, 0x206),
      'it begins with 0000000000000000',
    ],
    ['a header cut short', bzImage('6.1').subarray(0, 0x204), 'it begins with 0000000000000000'],
  ])('says what %s is, and what it wants', async (_, content, found) => {
    const file = fileOf(content);
    const error = await readKernelImage(file).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toBe(
      `${file} is not a kernel that can be booted here: ${found}, expected an x86 bzImage`,
    );
    expect((error as UsageError).hint).toContain('vmlinuz');
  });

  it('knows an arm64 kernel', async () => {
    const image = Buffer.alloc(0x400);
    image.write('ARM\x64', 0x38, 'latin1');
    await expect(readKernelImage(fileOf(image))).rejects.toThrow('it is an arm64 Image');
    await expect(readKernelImage(fileOf(vmlinux(183)))).rejects.toThrow('it is an ELF file for machine 183');
  });

  it('knows a RISC-V kernel', async () => {
    const image = Buffer.alloc(0x400);
    image.write('RSC\x05', 0x38, 'latin1');
    await expect(readKernelImage(fileOf(image))).rejects.toThrow('it is a RISC-V Image');
  });

  it('refuses a 32-bit kernel, and takes its 64-bit twin', async () => {
    await expect(readKernelImage(fileOf(wholeImage({ flags: 0 })))).rejects.toThrow('a 32-bit x86 kernel');
    expect((await readKernelImage(fileOf(wholeImage({ flags: 1 })))).release).toBe('6.1.0-lab');
  });

  it('refuses an image that was cut short by one byte', async () => {
    const whole = wholeImage();
    await expect(readKernelImage(fileOf(whole.subarray(0, -1)))).rejects.toThrow(
      `was cut short: it has ${whole.length - 1} bytes, and its header promises ${whole.length}`,
    );
  });

  it.each([
    ['has no pointer to its version', bzImage('', 0)],
    ['points past its end', bzImage('6.1').fill(0, 0x3200)],
  ])('refuses a bzImage that %s', async (_, image) => {
    await expect(readKernelImage(fileOf(image))).rejects.toThrow(
      "the bzImage's header has no kernel version",
    );
  });

  it.each([
    ['that is not there', 'missing', 'ENOENT'],
    ['that is a folder', '.', 'expected a regular file, found a directory'],
  ])('says why it cannot read one %s', async (_, name, code) => {
    const file = path.join(tempFolder(), name);
    const error = await readKernelImage(file).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toContain(`cannot read the kernel ${file}: ${code}`);
  });
});
