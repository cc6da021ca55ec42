import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checksumOf, sumOf, sumOf32 } from '../../../../../../lab/clients/raw/packet/checksum.js';
import { internetChecksum } from '../simulation/wireFormat.js';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

it('is what a second implementation says', () => {
  fc.assert(
    fc.property(bytes(3000), (data) => {
      expect(checksumOf(sumOf(data, 0, data.length))).toBe(internetChecksum(data));
    }),
    { numRuns: 500 },
  );
});

it('is the same for the longest packet of nothing but ones, whose sum is largest', () => {
  const data = Buffer.alloc(65_535, 0xff);
  expect(checksumOf(sumOf(data, 0, data.length))).toBe(internetChecksum(data));
});

it('may be put together from parts that begin at even distances, and from words of 32 bits', () => {
  const even = bytes(200).filter((data) => data.length % 2 === 0);
  fc.assert(
    fc.property(even, fc.integer(), bytes(201), (first, word, last) => {
      const middle = Buffer.alloc(4);
      middle.writeInt32BE(word);
      const all = Buffer.concat([first, middle, last]);
      const sum = sumOf(all, 0, first.length) + sumOf32(word) + sumOf(last, 0, last.length);
      expect(checksumOf(sum)).toBe(internetChecksum(all));
    }),
  );
});
