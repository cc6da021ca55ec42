import { expect, it } from 'vitest';
import { deepFreeze } from '../../../src/support/freeze.js';

it('freezes everything below, and returns the same value', () => {
  const value = { list: [{ inner: { leaf: 1 } }], nothing: null, text: 'x' };
  expect(deepFreeze(value)).toBe(value);
  expect([value, value.list, value.list[0], value.list[0]?.inner].every(Object.isFrozen)).toBe(true);
  expect(() => {
    value.list[0]!.inner.leaf = 2;
  }).toThrow(TypeError);
});
