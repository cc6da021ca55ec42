import ipaddr from 'ipaddr.js';
import type { Subnet } from './ipv4.js';

/** The start of all IPv6 networks: a unique local prefix (RFC 4193), fd and the letters `lvs`. With the IPv4 network it makes 64 bits. */
const globalId = 'fd6c:7673';

/** The /64 that belongs to an IPv4 network, as CIDR. */
export function ipv6Network(subnet: Subnet): string {
  return `${ipv6Address(subnet, subnet.first)}/64`;
}

/**
 * The IPv6 address that belongs to an IPv4 address of this network, in the spelling of RFC 5952. The host's number has the same digits, so
 * that ...31 and ...::31 can be seen to be one node.
 */
export function ipv6Address(subnet: Subnet, address: number): string {
  const digits = String(address - subnet.first).padStart(8, '0');
  const text = `${networkId(subnet.first)}:0:0:${digits.slice(0, 4)}:${digits.slice(4)}`;
  return ipaddr.IPv6.parse(text).toRFC5952String();
}

/** The first and the last IPv6 address of the networks that belong to those in an IPv4 network. */
export function ipv6Range({ first, last }: Subnet): readonly [string, string] {
  const groups = Array.from({ length: 4 }, () => 'ffff').join(':');
  return [
    ipaddr.IPv6.parse(`${networkId(first)}::`).toRFC5952String(),
    ipaddr.IPv6.parse(`${networkId(last)}:${groups}`).toRFC5952String(),
  ];
}

/** The half of an IPv6 address that belongs to an IPv4 network. */
function networkId(first: number): string {
  const parts = [first >>> 16, first & 0xffff].map((part) => part.toString(16));
  return [globalId, ...parts].join(':');
}

/** The four 32-bit words of an address in hexadecimal with `0x`, as tcpdump's filters compare them. */
export function ipv6Groups(address: string): readonly string[] {
  const bytes = Buffer.from(ipaddr.IPv6.parse(address).toByteArray());
  return [0, 4, 8, 12].map((offset) => `0x${bytes.readUInt32BE(offset).toString(16).padStart(8, '0')}`);
}
