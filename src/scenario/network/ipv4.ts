import ipaddr from 'ipaddr.js';

/** An IPv4 network as a range of 32-bit numbers, which is what allocation and overlap want. */
export interface Subnet {
  readonly cidr: string;
  readonly prefix: number;
  /** The network address. */
  readonly first: number;
  /** The broadcast address. */
  readonly last: number;
}

/** A dotted quad as a number; undefined for anything else, such as octal or shortened forms. */
export function parseAddress(text: string): number | undefined {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text)) return undefined;
  const address = ipaddr.IPv4.parse(text);
  return address.toString() === text ? toNumber(address) : undefined;
}

/** The dotted quad of a number. */
export function formatAddress(address: number): string {
  return new ipaddr.IPv4([24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff)).toString();
}

/** The network that a CIDR lies in (host bits are dropped); undefined when it is not IPv4 CIDR. */
export function parseSubnet(text: string): Subnet | undefined {
  const [base = '', bits = '', ...rest] = text.split('/');
  const address = parseAddress(base);
  const prefix = Number(bits);
  if (address === undefined || rest.length > 0 || !/^\d{1,2}$/.test(bits) || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  const first = Math.floor(address / size) * size;
  return { cidr: `${formatAddress(first)}/${prefix}`, prefix, first, last: first + size - 1 };
}

/** The one network that must be IPv4 CIDR because the program wrote it. Throws RangeError otherwise. */
export function subnetOf(cidr: string): Subnet {
  const subnet = parseSubnet(cidr);
  if (subnet === undefined) throw new RangeError(`expected an IPv4 CIDR, found "${cidr}"`);
  return subnet;
}

/** True when the two have an address in common. */
export function overlaps(a: Subnet, b: Subnet): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** True for networks whose addresses a host can have on an ordinary link. */
export function isUsableForHosts(subnet: Subnet): boolean {
  const unusable = ['unspecified', 'loopback', 'linkLocal', 'multicast', 'broadcast'];
  return ![subnet.first, subnet.last].some((address) =>
    unusable.includes(ipaddr.IPv4.parse(formatAddress(address)).range()),
  );
}

function toNumber(address: ipaddr.IPv4): number {
  return address.octets.reduce((number, octet) => number * 256 + octet, 0);
}
