import { overlaps, type Subnet, subnetOf } from './ipv4.js';

/**
 * Networks whose addresses belong to no single host: RFC 1122 (this host, loopback), 3927 (link-local), 5771 (multicast), and 240/4, one
 * address of which is broadcast.
 */
const notUnicast: readonly string[] = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/** Why raw-socket flows cannot use a network; undefined: they can, whoever owns it on the Internet. */
export function whyNoFlows(subnet: Subnet): string | undefined {
  const found = notUnicast.find((range) => overlaps(subnetOf(range), subnet));
  if (found === undefined) return undefined;
  return `expected a network of unicast addresses (nothing of ${notUnicast.join(', ')}) for raw-socket flows, found \`${subnet.cidr}\`, which has some of ${found}`;
}
