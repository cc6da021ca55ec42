import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../../src/engine/host/diagnose.js';
import { ownCache, withEnvironment } from '../tempFolder.js';

const diskOf = async () => (await diagnose({ engine: 'vm' })).find(({ name }) => name === 'disk space');

describe('diagnose', () => {
  it('says of a cache that cannot be made where it would be, and what leads elsewhere', async () => {
    withEnvironment({ XDG_CACHE_HOME: '/proc' });
    const disk = await diskOf();
    expect(disk?.state).toBe('missing');
    expect(disk?.detail).toContain('could not make the folder /proc/lvs-lab');
    expect(disk?.fix).toContain('point XDG_CACHE_HOME at');
  });

  it('says of one that can be made how much room it has', async () => {
    const cache = ownCache();
    const disk = await diskOf();
    expect(disk?.state).not.toBe('missing');
    expect(disk?.detail).toContain(`GB free in ${cache}`);
  });
});
