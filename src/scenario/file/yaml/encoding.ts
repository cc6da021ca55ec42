import { isUtf8 } from 'node:buffer';
import type { Place } from '../../model/place.js';

/** Why bytes are no text in UTF-8, what to do, and where they cease to be. */
export interface EncodingProblem {
  readonly problem: string;
  readonly at: Place;
}

/**
 * Why bytes are no text in UTF-8, and what they are instead: UTF-16, UTF-32, Latin-1, UTF-8 with a few bytes of another encoding, UTF-8 that was
 * cut, or no text at all. Undefined: they are text in UTF-8.
 */
export function encodingProblem(bytes: Buffer): EncodingProblem | undefined {
  const wide = wideEncoding(bytes);
  if (wide !== undefined) {
    const problem = `expected text in UTF-8, found ${wide.what}; \`iconv -f ${wide.iconv} -t UTF-8\` makes UTF-8 of it`;
    return { problem, at: { line: 1, column: 1 } };
  }
  return isUtf8(bytes) ? undefined : foreignByte(bytes);
}

interface WideEncoding {
  readonly what: string;
  /** Its name for iconv, which takes the byte order mark away where there is one. */
  readonly iconv: string;
}

/** Encodings of two or four bytes a character: their byte order marks, and what the first character looks like where it is one of ASCII. */
const wideEncodings: readonly (WideEncoding & { readonly mark: RegExp; readonly ascii: RegExp })[] = [
  // The mark of UTF-16 is also how that of UTF-32 begins.
  { what: 'UTF-32 (little-endian)', iconv: 'UTF-32', mark: /^\xff\xfe\0\0/, ascii: /^[\t-~]\0\0\0/ },
  { what: 'UTF-32 (big-endian)', iconv: 'UTF-32', mark: /^\0\0\xfe\xff/, ascii: /^\0\0\0[\t-~]/ },
  { what: 'UTF-16 (little-endian)', iconv: 'UTF-16', mark: /^\xff\xfe/, ascii: /^[\t-~]\0[^\0]/ },
  { what: 'UTF-16 (big-endian)', iconv: 'UTF-16', mark: /^\xfe\xff/, ascii: /^\0[\t-~]\0[^\0]/ },
];

function wideEncoding(bytes: Buffer): WideEncoding | undefined {
  const begin = bytes.toString('latin1', 0, 4);
  for (const { what, iconv, mark, ascii } of wideEncodings) {
    if (mark.test(begin)) return { what: `${what}, with a byte order mark`, iconv };
    // Without a mark, iconv has to be told the order.
    if (ascii.test(begin)) return { what, iconv: `${iconv}${what.includes('little') ? 'LE' : 'BE'}` };
  }
  return undefined;
}

/** The first byte that is not part of text in UTF-8. */
function foreignByte(bytes: Buffer): EncodingProblem {
  const before = begin(bytes);
  const byte = bytes[Buffer.byteLength(before)] ?? 0;
  const problem = `expected text in UTF-8, found the byte 0x${byte.toString(16)}; ${remedy(bytes, byte)}`;
  const lines = before.split('\n');
  return { problem, at: { line: lines.length, column: (lines.at(-1) ?? '').length + 1 } };
}

/** The text up to the first byte that is not part of any. */
function begin(bytes: Buffer): string {
  let good = 0;
  for (let bad = bytes.length + 1; bad - good > 1;) {
    const middle = (good + bad) >> 1;
    if (textOf(bytes.subarray(0, middle)) === undefined) bad = middle;
    else good = middle;
  }
  return textOf(bytes.subarray(0, good)) ?? '';
}

/** Bytes as text, without a last character of which some are missing; undefined: they are none. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}

/** What to do about a file with such a first byte. */
function remedy(bytes: Buffer, byte: number): string {
  if (bytes.includes(0)) return 'it has NUL bytes too, so it is no text: name the file that has the text';
  // A character of the text's own that stands for an unknown one is no foreign byte.
  const own = '\ufffd';
  const text = bytes.toString('utf8');
  const foreign = text.split(own).length - bytes.toString('latin1').split('\xef\xbf\xbd').length;
  if (!/[\x80-\u{10ffff}]/u.test(text.replaceAll(own, ''))) {
    // Where Latin-1 has control characters, Windows has quotation marks and dashes.
    const isWindows = /[\x80-\x9f]/.test(bytes.toString('latin1'));
    return isWindows
      ? '`iconv -f WINDOWS-1252 -t UTF-8` makes UTF-8 of a text of Windows'
      : '`iconv -f LATIN1 -t UTF-8` makes UTF-8 of a text in Latin-1';
  }
  if (textOf(bytes) !== undefined) return 'the file ends within a character, so it is cut: get it anew';
  const meant = new TextDecoder('windows-1252').decode(Buffer.of(byte));
  const others = foreign > 1 ? `, and the ${foreign - 1} others like it,` : '';
  return `other characters are UTF-8, which iconv would spoil: write this one${others} anew, in Latin-1 it is \`${meant}\``;
}
