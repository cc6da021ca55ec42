import { open } from 'node:fs/promises';
import { UsageError } from '../../../support/errors.js';

/**
 * Reads the release (`6.1.0-56-amd64`) from an x86 bzImage's header, which is also the proof that it is one.
 * Source: Documentation/arch/x86/boot.rst, fields boot_flag (0x1fe), header (0x202) and kernel_version (0x20e).
 */
export async function readKernelRelease(file: string): Promise<string> {
  const header = await readHead(file);
  if (
    header.length < 0x210 ||
    header.readUInt16LE(0x1fe) !== 0xaa55 ||
    header.toString('latin1', 0x202, 0x206) !== 'HdrS'
  ) {
    throw new UsageError(
      `${file} is not a kernel that can be booted here: ${describe(header)}, expected an x86 bzImage`,
      {
        hint: 'give the vmlinuz or arch/x86/boot/bzImage file of an x86-64 kernel',
      },
    );
  }
  const pointer = header.readUInt16LE(0x20e);
  const start = pointer + 0x200;
  // A pointer of 0 says that there is no version.
  const text = pointer === 0 ? '' : header.toString('latin1', start, start + 256);
  const release = /^[^\s\0]+/.exec(text)?.[0];
  if (release === undefined) throw new UsageError(`${file}: the bzImage's header has no kernel version`);
  return release;
}

async function readHead(file: string): Promise<Buffer> {
  try {
    await using handle = await open(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw new UsageError(`cannot read the kernel ${file}: ${(error as Error).message}`, { cause: error });
  }
}

function describe(head: Buffer): string {
  if (head.length === 0) return 'it is empty';
  if (head.subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1'))) return 'it is an ELF file (a vmlinux?)';
  if (head.subarray(0x38, 0x3c).toString('latin1') === 'ARM\x64') return 'it is an arm64 Image';
  if (head.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))) return 'it is a gzip file';
  if (head.subarray(0, 7).toString('latin1') === '!<arch>') return 'it is a Debian package';
  return `it begins with ${head.subarray(0, 8).toString('hex')}`;
}
