import { describe, expect, it } from 'vitest';
import { bytes, wait } from '../../../../src/report/text/format.js';

describe('a wait', () => {
  it.each([
    [0, '0 ms'],
    [0.00084, '0.8 ms'],
    [0.012, '12 ms'],
    [0.9994, '999 ms'],
    [0.9996, '1.0 s'],
    [61, '1 min 1 s'],
  ])('of %d s is %s', (seconds, text) => {
    expect(wait(seconds)).toBe(text);
  });
});

describe('a number of bytes', () => {
  it.each([
    [1, '1 byte'],
    [1023, '1023 bytes'],
    [1024, '1 KiB'],
    [1536 * 1024, '1.5 MiB'],
  ])('%d is %s', (n, text) => {
    expect(bytes(n)).toBe(text);
  });
});
