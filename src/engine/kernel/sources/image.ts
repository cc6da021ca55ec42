import { UsageError } from '../../../support/errors.js';
import { openRegular } from '../../../support/files/readRegular.js';

/** What the header of an x86 bzImage says about the kernel. */
export interface KernelImage {
  /** The release as `uname -r` prints it: `6.1.0-56-amd64`. */
  readonly release: string;
  /** The whole version: release, who built it, build number and date. */
  readonly version: string;
  /** Where the compressed vmlinux is in the file, in bytes; undefined for images older than Linux 2.6.26. */
  readonly payload: { readonly offset: number; readonly length: number } | undefined;
}

/** The bit that says the kernel has a 64-bit entry, since boot protocol 2.12 (Linux 3.8). */
const has64BitEntry = 0x1;

const hint = 'give the vmlinuz or arch/x86/boot/bzImage file of an x86-64 kernel';

/**
 * Reads the header of an x86-64 bzImage, which also proves that the file is one, and whole. Rejects with a UsageError that says what the
 * file is instead. Source: Documentation/arch/x86/boot.rst, the fields named below.
 */
export async function readKernelImage(file: string): Promise<KernelImage> {
  const { head, size } = await readHead(file);
  if (head.length < 0x250 || head.readUInt16LE(0x1fe) !== 0xaa55 || text(head, 0x202, 4) !== 'HdrS') {
    throw notBootable(file, head);
  }
  const protocol = head.readUInt16LE(0x206);
  if (protocol >= 0x20c && (head.readUInt16LE(0x236) & has64BitEntry) === 0)
    throw wrongArchitecture(file, 'a 32-bit x86 kernel');
  // kernel_version; a pointer of 0 says that there is none.
  const pointer = head.readUInt16LE(0x20e);
  const version = pointer === 0 ? '' : (text(head, pointer + 0x200, 512).split('\0')[0] ?? '');
  const release = /^\S+/.exec(version)?.[0];
  if (release === undefined) throw new UsageError(`${file}: the bzImage's header has no kernel version`);
  const payload = protocol >= 0x208 ? payloadOf(head) : undefined;
  if (payload !== undefined && payload.offset + payload.length > size) {
    throw new UsageError(
      `${file} was cut short: it has ${size} bytes, and its header promises ${payload.offset + payload.length}`,
      { hint: 'copy or fetch it again' },
    );
  }
  return { release, version: version.trim(), payload };
}

/** Where the payload is, worked out from setup_sects, payload_offset and payload_length. */
function payloadOf(head: Buffer): KernelImage['payload'] {
  // For old boot loaders 0 means 4.
  const setupSectors = head.readUInt8(0x1f1) || 4;
  const offset = (setupSectors + 1) * 512 + head.readUInt32LE(0x248);
  return { offset, length: head.readUInt32LE(0x24c) };
}

async function readHead(file: string): Promise<{ readonly head: Buffer; readonly size: number }> {
  try {
    await using handle = await openRegular(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, 0);
    return { head: buffer.subarray(0, bytesRead), size: (await handle.stat()).size };
  } catch (error) {
    throw new UsageError(`cannot read the kernel ${file}: ${(error as Error).message}`, { cause: error });
  }
}

const elf = '\x7fELF';
const elfMachineX86_64 = 62;

function notBootable(file: string, head: Buffer): UsageError {
  if (text(head, 0x38, 4) === 'ARM\x64') return wrongArchitecture(file, 'an arm64 Image');
  if (text(head, 0x38, 4) === 'RSC\x05') return wrongArchitecture(file, 'a RISC-V Image');
  if (text(head, 4, 4) === 'zimg')
    return wrongArchitecture(file, 'a compressed EFI image, which x86 has none of');
  if (text(head, 0, 4) === elf && head.length >= 20 && head.readUInt16LE(18) !== elfMachineX86_64)
    return wrongArchitecture(file, `an ELF file for machine ${head.readUInt16LE(18)}`);
  return new UsageError(
    `${file} is not a kernel that can be booted here: ${headText(head)}, expected an x86 bzImage`,
    { hint },
  );
}

function wrongArchitecture(file: string, found: string): UsageError {
  return new UsageError(
    `${file} is a kernel of another architecture: it is ${found}, and the lab boots x86-64 kernels`,
    { hint },
  );
}

function headText(head: Buffer): string {
  if (head.length === 0) return 'it is empty';
  if (text(head, 0, 4) === elf) return 'it is an ELF file (a vmlinux?)';
  if (head.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))) return 'it is a gzip file';
  if (text(head, 0, 7) === '!<arch>') return 'it is a Debian package';
  return `it begins with ${head.subarray(0, 8).toString('hex')}`;
}

const text = (bytes: Buffer, start: number, length: number): string =>
  bytes.toString('latin1', start, start + length);
