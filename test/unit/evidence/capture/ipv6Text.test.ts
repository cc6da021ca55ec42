import { isIPv6 } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ipv6At } from '../../../../src/evidence/capture/ipv6Text.js';
import { seededBytes } from './pcapBuild.js';

/** The address whose groups these are, behind three bytes of something else. */
function written(groups: readonly number[]): string {
  const packet = new DataView(new ArrayBuffer(3 + 16));
  groups.forEach((group, index) => {
    packet.setUint16(3 + 2 * index, group);
  });
  return ipv6At(packet, 3);
}

describe('ipv6At', () => {
  it.each([
    [[0, 0, 0, 0, 0, 0, 0, 0], '::'],
    [[0, 0, 0, 0, 0, 0, 0, 1], '::1'],
    [[0xfd00, 0, 0, 0, 0, 0, 0, 0], 'fd00::'],
    [[0x2001, 0xdb8, 0, 0, 1, 0, 0, 1], '2001:db8::1:0:0:1'],
    [[0x2001, 0xdb8, 0, 1, 1, 1, 1, 1], '2001:db8:0:1:1:1:1:1'],
    [[1, 0, 0, 2, 0, 0, 0, 3], '1:0:0:2::3'],
    [[0xfd6c, 0x7673, 0xc612, 0x2400, 0, 0, 0, 0x31], 'fd6c:7673:c612:2400::31'],
  ])('writes %j as %s', (groups, text) => {
    expect(written(groups)).toBe(text);
  });

  it('writes any address as the URL parser does', () => {
    const random = seededBytes(5952);
    for (let round = 0; round < 2000; round += 1) {
      // Mostly zeros, so that there are runs of every length.
      const groups = [...random(8)].map((byte) => (byte % 3 === 0 ? byte * 257 : 0));
      const text = written(groups);
      expect(isIPv6(text)).toBe(true);
      const full = groups.map((group) => group.toString(16)).join(':');
      expect(text).toBe(new URL(`http://[${full}]/`).hostname.slice(1, -1));
    }
  });
});
