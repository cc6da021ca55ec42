import fc from 'fast-check';
import { expect, it } from 'vitest';
import { distance, plus } from '../../../../../../lab/clients/raw/tcp/sequence.js';

const nearTheEnd = fc.integer({ min: -1000, max: 1000 }).map((offset) => offset | 0);
const anywhere = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const sequences = fc.oneof(nearTheEnd, anywhere);
const steps = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

it('adds modulo 2^32', () => {
  fc.assert(
    fc.property(sequences, steps, (sequence, bytes) => {
      const sum = (BigInt(sequence) + BigInt(bytes)) & 0xffff_ffffn;
      expect(BigInt(plus(sequence, bytes) >>> 0)).toBe(sum);
    }),
  );
});

it('measures the way from one number to another, however 2^32 lies between them', () => {
  fc.assert(
    fc.property(sequences, steps, (sequence, bytes) => {
      expect(distance(sequence, plus(sequence, bytes))).toBe(bytes);
    }),
  );
  expect(distance(-1, 0)).toBe(1);
  expect(distance(0, -1)).toBe(-1);
  expect(distance(0x7fffffff, -0x80000000)).toBe(1);
});
