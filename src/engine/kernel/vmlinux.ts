import { gunzipSync } from 'node:zlib';

const noteSegment = 4;
const gnuBuildId = 3;

/** The GNU build id in a 64-bit little-endian ELF file, in hexadecimal; undefined when the file has none. Source: elf(5). */
export function buildIdOf(elf: Buffer): string | undefined {
  if (elf.length < 0x40 || elf.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') return undefined;
  const table = Number(elf.readBigUInt64LE(0x20));
  const entrySize = elf.readUInt16LE(0x36);
  for (let index = 0; index < elf.readUInt16LE(0x38); index++) {
    const header = elf.subarray(table + index * entrySize, table + (index + 1) * entrySize);
    if (header.length < 0x38 || header.readUInt32LE(0) !== noteSegment) continue;
    const offset = Number(header.readBigUInt64LE(8));
    const found = buildIdIn(elf.subarray(offset, offset + Number(header.readBigUInt64LE(0x20))));
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Looks for the build id among the notes of a segment. A note has the sizes of its name and descriptor, its type, then both, each padded to
 * four bytes.
 */
function buildIdIn(notes: Buffer): string | undefined {
  let at = 0;
  while (at + 12 <= notes.length) {
    const nameSize = notes.readUInt32LE(at);
    const size = notes.readUInt32LE(at + 4);
    const start = at + 12 + padded(nameSize);
    const isGnu = notes.toString('latin1', at + 12, at + 12 + nameSize) === 'GNU\0';
    if (isGnu && notes.readUInt32LE(at + 8) === gnuBuildId) return notes.toString('hex', start, start + size);
    at = start + padded(size);
  }
  return undefined;
}

const padded = (size: number): number => Math.ceil(size / 4) * 4;

/**
 * The configuration inside a kernel that was built with CONFIG_IKCONFIG=y; undefined when there is none that can be read. Source:
 * kernel/configs.c.
 */
export function embeddedConfigOf(vmlinux: Buffer): string | undefined {
  // With the first bytes of gzip behind it, for the word alone may be anywhere.
  const start = vmlinux.indexOf(Buffer.from('IKCFG_ST\x1f\x8b', 'latin1'));
  if (start === -1) return undefined;
  const end = vmlinux.indexOf('IKCFG_ED', start, 'latin1');
  if (end === -1) return undefined;
  try {
    return gunzipSync(vmlinux.subarray(start + 'IKCFG_ST'.length, end)).toString('utf8');
  } catch {
    return undefined;
  }
}
