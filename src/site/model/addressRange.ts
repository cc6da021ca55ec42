import ipaddr from 'ipaddr.js';
import type { Family } from '../../contracts/words/network.js';

/** The addresses from the first to the last, both included, as numbers. */
export interface AddressRange {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

/** All addresses of a family. */
export function everyAddress(family: Family): AddressRange {
  return { family, first: 0n, last: (1n << BigInt(bitsOf(family))) - 1n };
}

/** `a`, `a/24`, `a/255.255.255.0` or `a-b`; undefined: it is none of these, but a host's name, or a mask with holes. */
export function parseRange(text: string): AddressRange | undefined {
  const dash = text.indexOf('-');
  if (dash > 0) {
    const [from, to] = [parseRange(text.slice(0, dash)), parseRange(text.slice(dash + 1))];
    return from === undefined || to?.family !== from.family ? undefined : { ...from, last: to.last };
  }
  const slash = text.indexOf('/');
  const base = parseOne(slash < 0 ? text : text.slice(0, slash));
  if (base === undefined) return undefined;
  const bits = bitsOf(base.family);
  const length = slash < 0 ? bits : lengthOf(text.slice(slash + 1), base.family);
  if (length === undefined) return undefined;
  const hosts = BigInt(bits - length);
  const first = (base.first >> hosts) << hosts;
  return { family: base.family, first, last: first + (1n << hosts) - 1n };
}

/** An address as a number; undefined: it is no address. */
export function addressNumber(text: string): bigint | undefined {
  return parseOne(text)?.first;
}

/** The family of an address; a host's name has none. */
export function familyOfAddress(text: string): Family | undefined {
  return parseOne(text)?.family;
}

/** Whether a range has an address. */
export function isInRange({ first, last }: AddressRange, address: bigint): boolean {
  return first <= address && address <= last;
}

/** The first address of a range as a text. */
export function firstAddress({ family, first }: AddressRange): string {
  return addressText(family, first);
}

/** A range as people write it: an address, a network where it is one, else both ends. */
export function rangeText({ family, first, last }: AddressRange): string {
  const size = last - first + 1n;
  const hosts = size.toString(2).length - 1;
  if (size === 1n) return addressText(family, first);
  return 1n << BigInt(hosts) === size && first % size === 0n
    ? `${addressText(family, first)}/${bitsOf(family) - hosts}`
    : `${addressText(family, first)}-${addressText(family, last)}`;
}

function addressText(family: Family, address: bigint): string {
  const bytes = bitsOf(family) / 8;
  const octets = Array.from({ length: bytes }, (_, index) =>
    Number((address >> BigInt(8 * (bytes - 1 - index))) & 0xffn),
  );
  return ipaddr.fromByteArray(octets).toString();
}

function parseOne(text: string): AddressRange | undefined {
  const isFour = ipaddr.IPv4.isValidFourPartDecimal(text);
  if (!isFour && !ipaddr.IPv6.isValid(text)) return undefined;
  const number = ipaddr
    .parse(text)
    .toByteArray()
    .reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
  return { family: isFour ? 'ipv4' : 'ipv6', first: number, last: number };
}

function lengthOf(text: string, family: Family): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) <= bitsOf(family) ? Number(text) : undefined;
  const mask = parseOne(text);
  if (mask?.family !== family) return undefined;
  const bits = mask.first.toString(2).padStart(bitsOf(family), '0');
  return /^1*0*$/.test(bits) ? bits.replace(/0*$/, '').length : undefined;
}

function bitsOf(family: Family): 32 | 128 {
  return family === 'ipv4' ? 32 : 128;
}
