import { describe, expect, it } from 'vitest';
import { textOf } from '../../../../src/site/files/textOf.js';

const text = '-A INPUT -m comment --comment "端口" -j ACCEPT\r\n';

describe('the text of a file', () => {
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 of Windows', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16, the other way round', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ])('is read from %s', (_, bytes) => {
    expect(textOf(bytes)).toBe(text);
  });

  it('is read as far as it goes where UTF-16 was cut in a character', () => {
    const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
    expect(textOf(bytes.subarray(0, 13))).toBe(text.slice(0, 5));
  });
});
