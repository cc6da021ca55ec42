import { describe, expect, it } from 'vitest';
import { addressBytes, macBytes } from '../../../../../../lab/clients/raw/io/addresses.js';

describe('addressBytes', () => {
  it.each([
    ['198.18.0.255', 'c61200ff'],
    ['::', '0'.repeat(32)],
    ['::1', `${'0'.repeat(31)}1`],
    ['fd00::', `fd${'0'.repeat(30)}`],
    ['fd00:1:22:333:4444:5:6:7', 'fd000001002203334444000500060007'],
    ['fd00::a:B', 'fd0000000000000000000000000a000b'],
    ['::ffff:198.18.0.1', `${'0'.repeat(20)}ffffc6120001`],
  ])('makes of %s what is in a packet', (text, hex) => {
    expect(addressBytes(text).toString('hex')).toBe(hex);
  });

  it.each(['', '198.18.0', '198.18.0.256', 'fd00:::1', 'fe80::1%eth0', 'client'])('refuses %j', (text) => {
    expect(() => addressBytes(text)).toThrow(RangeError);
  });
});

describe('macBytes', () => {
  it('reads six bytes', () => {
    expect(macBytes('02:42:ac:11:00:fe').toString('hex')).toBe('0242ac1100fe');
  });
});
