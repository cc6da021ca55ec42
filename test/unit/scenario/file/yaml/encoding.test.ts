import { describe, expect, it } from 'vitest';
import { encodingProblem } from '../../../../../src/scenario/file/yaml/encoding.js';

const text = 'id: a/b\n# Zürich\n';
const utf16 = (some: string) => Buffer.from(some, 'utf16le');
const utf32 = (some: string) => Buffer.from(Uint32Array.from(some, (one) => one.codePointAt(0) ?? 0).buffer);
const latin = (some: string) => Buffer.from(some, 'latin1');
const utf8 = (some: string) => Buffer.from(some);

describe('what is no text in UTF-8', () => {
  it.each([
    ['UTF-16 (little-endian), with a byte order mark', 'UTF-16', utf16(`\ufeff${text}`)],
    ['UTF-16 (big-endian), with a byte order mark', 'UTF-16', utf16(`\ufeff${text}`).swap16()],
    ['UTF-32 (little-endian), with a byte order mark', 'UTF-32', utf32(`\ufeff${text}`)],
    ['UTF-32 (big-endian), with a byte order mark', 'UTF-32', utf32(`\ufeff${text}`).swap32()],
    ['UTF-16 (little-endian)', 'UTF-16LE', utf16(text)],
    ['UTF-16 (big-endian)', 'UTF-16BE', utf16(text).swap16()],
    ['UTF-32 (little-endian)', 'UTF-32LE', utf32(text)],
    ['UTF-32 (big-endian)', 'UTF-32BE', utf32(text).swap32()],
  ])('is called %s', (what, iconv, bytes) => {
    expect(encodingProblem(bytes)).toEqual({
      problem: `expected text in UTF-8, found ${what}; \`iconv -f ${iconv} -t UTF-8\` makes UTF-8 of it`,
      at: { line: 1, column: 1 },
    });
  });

  it.each<[string, number, number, string, Buffer]>([
    ['Latin-1', 2, 4, 'byte 0xfc; `iconv -f LATIN1 ', latin(text)],
    ['the encoding of Windows', 2, 4, 'byte 0xfc; `iconv -f WINDOWS-1252 ', latin(`${text}# \x96 x\n`)],
    [
      'UTF-8 with a byte of Latin-1',
      ...([
        3,
        5,
        'byte 0xe9; other characters are UTF-8, which iconv would spoil: write this one anew',
      ] as const),
      Buffer.concat([utf8(text), latin('# ca\xe9\n')]),
    ],
    [
      'UTF-8 with some bytes of Latin-1',
      ...([3, 1, 'write this one, and the 2 others like it, anew, in Latin-1 it is `é`'] as const),
      Buffer.concat([utf8(text), latin('é é\né\n')]),
    ],
    [
      'UTF-8 that has a replacement character itself',
      ...([
        3,
        4,
        'byte 0xe9; other characters are UTF-8, which iconv would spoil: write this one anew',
      ] as const),
      Buffer.concat([utf8(text), utf8('# \ufffd'), latin('é\n')]),
    ],
    [
      'UTF-8 that is cut',
      3,
      1,
      'byte 0xc3; the file ends within',
      Buffer.concat([utf8(text), utf8('é')]).subarray(0, -1),
    ],
    ['no text', 1, 2, 'byte 0x8b; it has NUL bytes too', Buffer.of(0x1f, 0x8b, 8, 0)],
  ])('is told from %s, with its place', (_, line, column, message, bytes) => {
    const found = encodingProblem(bytes);
    expect(found?.problem).toContain(message);
    expect(found?.at).toEqual({ line, column });
  });

  it.each([
    ['text', text],
    ['nothing', ''],
    ['a byte order mark', `\ufeff${text}`],
    ['a NUL somewhere', `${text}\0`],
    ['a replacement character', `${text}\ufffd`],
  ])('is not what has %s', (_, some) => {
    expect(encodingProblem(utf8(some))).toBeUndefined();
  });
});
