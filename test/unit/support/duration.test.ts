import { describe, expect, it } from 'vitest';
import { durationText, parseDuration } from '../../../src/support/duration.js';

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

describe('durationText', () => {
  it.each([
    [0.04, '0.0 s'],
    [0.4, '0.4 s'],
    [12.34, '12.3 s'],
    [59.94, '59.9 s'],
    [59.96, '1 min 0 s'],
    [200, '3 min 20 s'],
  ])('tells a measured %d as %s', (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });

  it.each([
    [0, '0 ms'],
    [0.00084, '0.8 ms'],
    [0.012, '12 ms'],
    [0.9994, '999 ms'],
    [0.9996, '1.0 s'],
    [61, '1 min 1 s'],
  ])('tells a short %d as %s', (seconds, text) => {
    expect(durationText(seconds, 'short')).toBe(text);
  });

  it.each([
    [0, '0 s'],
    [0.1, '100 ms'],
    [0.30000000000000004, '300 ms'],
    [1.5, '1.5 s'],
    [120, '120 s'],
  ])('tells %d as it was set, %s', (seconds, text) => {
    expect(durationText(seconds, 'set')).toBe(text);
  });
});
