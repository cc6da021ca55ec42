import { describe, expect, it } from 'vitest';
import { following } from '../../../../bench/places/followingAddresses.js';

describe('following', () => {
  it('counts from the first address, also past the last byte', () => {
    expect(following('198.18.0.32', 3)).toEqual(['198.18.0.32', '198.18.0.33', '198.18.0.34']);
    expect(following('198.18.0.255', 2)).toEqual(['198.18.0.255', '198.18.1.0']);
  });

  it('refuses what is no address', () => {
    expect(() => following('198.18.0', 2)).toThrow('expected an IPv4 address, found "198.18.0"');
  });
});
