/** The text of a file: UTF-8, or UTF-16 as PowerShell writes what a command prints, without the mark that Windows puts before it. */
export function textOf(bytes: Buffer): string {
  return decoded(bytes).replace(/^\uFEFF/, '');
}

function decoded(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString('utf16le');
  return bytes.toString('utf8');
}
