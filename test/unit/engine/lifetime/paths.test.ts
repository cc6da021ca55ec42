import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheRoot, scratchRoot } from '../../../../src/engine/lifetime/paths.js';
import { withEnvironment } from '../tempFolder.js';

describe('cacheRoot', () => {
  it('is below XDG_CACHE_HOME', () => {
    expect(cacheRoot({ XDG_CACHE_HOME: '/var/cache/me' })).toBe('/var/cache/me/lvs-lab');
  });

  it.each([{}, { XDG_CACHE_HOME: '' }, { XDG_CACHE_HOME: 'cache/me' }])(
    'is below ~/.cache with %j: a relative path is to be ignored',
    (environment) => {
      expect(cacheRoot(environment)).toBe(path.join(homedir(), '.cache', 'lvs-lab'));
    },
  );
});

describe('scratchRoot', () => {
  it('is a folder of this user below TMPDIR', () => {
    withEnvironment({ TMPDIR: '/elsewhere' });
    expect(scratchRoot()).toBe(`/elsewhere/lvs-lab-${userInfo().uid}`);
  });
});
