import { describe, expect, it } from 'vitest';
import { bytesText } from '../../../../src/report/text/countText.js';

describe('a number of bytes', () => {
  it.each([
    [1, '1 byte'],
    [1023, '1023 bytes'],
    [1024, '1 KiB'],
    [1536 * 1024, '1.5 MiB'],
  ])('%d is %s', (n, text) => {
    expect(bytesText(n)).toBe(text);
  });
});
