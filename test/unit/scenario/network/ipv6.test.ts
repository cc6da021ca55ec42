import { describe, expect, it } from 'vitest';
import { parseAddress, subnetOf } from '../../../../src/scenario/network/ipv4.js';
import { ipv6Address, ipv6Network } from '../../../../src/scenario/network/ipv6.js';

const ipv6Of = (subnet: string, address: string) =>
  ipv6Address(subnetOf(subnet), parseAddress(address) ?? -1);

describe('the IPv6 network of an IPv4 one', () => {
  it('is a /64 of unique local addresses', () => {
    expect(ipv6Network(subnetOf('198.18.7.0/24'))).toBe('fd6c:7673:c612:700::/64');
  });

  it('is another for each', () => {
    const networks = ['198.18.7.0/24', '198.18.8.0/24', '198.19.7.0/24', '10.0.0.0/8'].map((cidr) =>
      ipv6Network(subnetOf(cidr)),
    );
    expect(new Set(networks).size).toBe(4);
  });
});

describe('the IPv6 address of a node', () => {
  it.each([
    ['198.18.7.0/24', '198.18.7.31', 'fd6c:7673:c612:700::31'],
    ['198.18.7.0/24', '198.18.7.100', 'fd6c:7673:c612:700::100'],
    ['198.18.7.16/28', '198.18.7.18', 'fd6c:7673:c612:710::2'],
    ['10.0.0.0/8', '10.1.0.0', 'fd6c:7673:a00::6:5536'],
    ['0.0.0.0/8', '0.0.0.9', 'fd6c:7673::9'],
  ])('in %s has the digits of %s', (subnet, address, expected) => {
    expect(ipv6Of(subnet, address)).toBe(expected);
  });
});
