import ipaddr from 'ipaddr.js';

/** An IPv4 network as a range of 32-bit numbers, which allocation and overlap work with. */
export interface Subnet {
  readonly cidr: string;
  readonly prefix: number;
  /** The network address. */
  readonly first: number;
  /** The broadcast address. */
  readonly last: number;
}

/** The number of a dotted quad; undefined for any other text, including octal and shortened forms. */
export function parseAddress(text: string): number | undefined {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text)) return undefined;
  const address = ipaddr.IPv4.parse(text);
  return address.toString() === text ? toNumber(address) : undefined;
}

/** The dotted quad of an address given as a number. */
export function addressText(address: number): string {
  return new ipaddr.IPv4([24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff)).toString();
}

/** The network of a CIDR, without its host bits; undefined when the text is no IPv4 CIDR. */
export function parseSubnet(text: string): Subnet | undefined {
  if (!ipaddr.IPv4.isValidCIDR(text) || parseAddress(text.replace(/\/.*/, '')) === undefined)
    return undefined;
  const network = ipaddr.IPv4.networkAddressFromCIDR(text);
  const last = ipaddr.IPv4.broadcastAddressFromCIDR(text);
  const [, prefix] = ipaddr.IPv4.parseCIDR(text);
  return { cidr: `${network.toString()}/${prefix}`, prefix, first: toNumber(network), last: toNumber(last) };
}

/** The network of a CIDR that the program itself wrote. Throws RangeError when it is no IPv4 CIDR. */
export function subnetOf(cidr: string): Subnet {
  const subnet = parseSubnet(cidr);
  if (subnet === undefined) throw new RangeError(`expected an IPv4 CIDR, found "${cidr}"`);
  return subnet;
}

/** Whether two networks have an address in common. */
export function overlaps(a: Subnet, b: Subnet): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** Kinds of addresses that nobody has on an ordinary link, as ipaddr.js calls them. */
export const notHosts: readonly string[] = ['unspecified', 'loopback', 'linkLocal', 'multicast', 'broadcast'];

/** Whether hosts can have the network's addresses on an ordinary link. */
export function isUsableForHosts(subnet: Subnet): boolean {
  return ![subnet.first, subnet.last].some((address) =>
    notHosts.includes(ipaddr.IPv4.parse(addressText(address)).range()),
  );
}

function toNumber(address: ipaddr.IPv4): number {
  return address.octets.reduce((number, octet) => number * 256 + octet, 0);
}
