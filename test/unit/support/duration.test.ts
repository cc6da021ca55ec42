import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../../src/support/duration.js';

describe('parseDuration', () => {
  it.each([
    ['500ms', 0.5],
    ['3ms', 0.003],
    ['15s', 15],
    ['1.5s', 1.5],
    ['2m', 120],
    ['0s', 0],
  ])('reads %s as %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', '5', 's', '5 s', '-5s', '1e3s', '5h', '5S', '1.s', ' 5s'])('does not read %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
