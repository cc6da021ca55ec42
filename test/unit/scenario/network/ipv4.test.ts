import { describe, expect, it } from 'vitest';
import {
  addressText,
  overlaps,
  parseAddress,
  parseSubnet,
  subnetOf,
} from '../../../../src/scenario/network/ipv4.js';

describe('addresses', () => {
  it.each([
    ['0.0.0.0', 0],
    ['0.0.1.2', 258],
    ['198.18.7.100', 0xc6120764],
    ['255.255.255.255', 0xffffffff],
  ])('%s is %d, and back', (text, number) => {
    expect(parseAddress(text)).toBe(number);
    expect(addressText(number)).toBe(text);
  });

  it.each(['', '1.2.3', '1.2.3.4.5', '1.2.3.256', '01.2.3.4', '0x1.2.3.4', '16909060', '::1', ' 1.2.3.4'])(
    '%j is none',
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );
});

describe('subnets', () => {
  it('have a first and a last address', () => {
    expect(parseSubnet('198.18.7.77/28')).toEqual({
      cidr: '198.18.7.64/28',
      prefix: 28,
      first: parseAddress('198.18.7.64'),
      last: parseAddress('198.18.7.79'),
    });
    expect(parseSubnet('0.0.0.0/0')).toMatchObject({ first: 0, last: 0xffffffff });
  });

  it.each(['', '1.2.3.4', '1.2.3.4/', '1.2.3.4/33', '1.2.3.4/-1', '1.2.3.4/8/8', '1.2.3.4/ 8', 'fd00::/8'])(
    '%j is none',
    (text) => {
      expect(parseSubnet(text)).toBeUndefined();
      expect(() => subnetOf(text)).toThrow(RangeError);
    },
  );

  it.each([
    ['10.0.0.0/8', '10.9.0.0/16', true],
    ['10.0.0.0/24', '10.0.0.255/32', true],
    ['10.0.0.0/24', '10.0.1.0/24', false],
    ['10.0.0.0/24', '9.255.255.0/24', false],
  ])('%s and %s overlap: %s', (a, b, expected) => {
    expect(overlaps(subnetOf(a), subnetOf(b))).toBe(expected);
    expect(overlaps(subnetOf(b), subnetOf(a))).toBe(expected);
  });
});
