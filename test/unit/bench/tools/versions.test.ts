import { describe, expect, it } from 'vitest';
import { versionIn } from '../../../../bench/tools/versions.js';

describe('versionIn', () => {
  it.each([
    ['nginx version: nginx/1.22.1', '1.22.1'],
    ['wrk debian/4.1.0-3+b2 [epoll] Copyright (C) 2012 Will Glozer', '4.1.0-3'],
    ['This is ApacheBench, Version 2.3 <$Revision: 1903618 $>', '2.3'],
    ['12.2.0\n', '12.2.0'],
    ['sh: 1: nginx: not found', undefined],
  ])('of %j', (text, version) => {
    expect(versionIn(text)).toBe(version);
  });
});
