/** The type of the `GNU` note that holds a linker's build id. Source: elf.h, NT_GNU_BUILD_ID. */
const buildIdType = 3;
const headerBytes = 12;

/** The build ids in a row of ELF notes, given as `od -tx1` prints them; in hexadecimal and in their order. A note that is cut short ends the list. */
export function buildIds(dump: string): readonly string[] {
  const bytes = Buffer.from(dump.replaceAll(/\s+/g, ''), 'hex');
  const found: string[] = [];
  let at = 0;
  while (at + headerBytes <= bytes.length) {
    // The lab runs on x86-64, which is little-endian.
    const nameSize = bytes.readUInt32LE(at);
    const size = bytes.readUInt32LE(at + 4);
    const type = bytes.readUInt32LE(at + 8);
    const name = at + headerBytes;
    const content = name + padded(nameSize);
    if (content + size > bytes.length) break;
    const isGnu = bytes.toString('latin1', name, name + nameSize) === 'GNU\0';
    if (isGnu && type === buildIdType) found.push(bytes.toString('hex', content, content + size));
    at = content + padded(size);
  }
  return found;
}

/** Rounds a size up to a multiple of four bytes, to which notes are aligned. */
function padded(size: number): number {
  return Math.ceil(size / 4) * 4;
}
