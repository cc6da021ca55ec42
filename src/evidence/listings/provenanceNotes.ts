/** The type of the `GNU` note that holds a linker's build id. Source: elf.h, NT_GNU_BUILD_ID. */
const buildIdType = 3;
const headerBytes = 12;

/** The bytes that `od -An -v -tx1` printed in these lines. */
export function bytesOfDump(lines: readonly string[]): Buffer {
  return Buffer.from(lines.join('').replaceAll(/\s+/g, ''), 'hex');
}

/** The beginning of a file, and its path. */
interface FileHead {
  readonly file: string;
  readonly content: Buffer;
}

/** The files that `head -v` printed, one after the other: each with a line `==> PATH <==` before it, and an empty line between two. */
export function fileHeads(bytes: Buffer): readonly FileHead[] {
  // One character for each byte.
  const text = bytes.toString('latin1');
  const lines = [...text.matchAll(/(?:^|\n)==> (\/[^\n]+) <==\n/g)];
  return lines.map((line, index) => ({
    file: line[1] ?? '',
    content: bytes.subarray(line.index + line[0].length, lines[index + 1]?.index),
  }));
}

/** The build ids in a row of ELF notes, in hexadecimal and in their order. A note that is cut short ends the list. */
export function buildIds(bytes: Buffer): readonly string[] {
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
