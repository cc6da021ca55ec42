import { type Subnet, subnetOf } from './ipv4.js';

/** What the raw load agent takes: networks that nobody on the Internet has. RFC 1918, 6598 (shared) and 2544 (benchmarks). */
const privateNetworks: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '198.18.0.0/15',
];

/** Why raw-socket flows cannot be in a network; undefined: they can. */
export function whyNoFlows(subnet: Subnet): string | undefined {
  const isPrivate = privateNetworks
    .map(subnetOf)
    .some(({ first, last }) => first <= subnet.first && subnet.last <= last);
  if (isPrivate) return undefined;
  return `expected a network that nobody on the Internet has (within ${privateNetworks.join(', ')}) for raw-socket flows, found \`${subnet.cidr}\`; they are sent past the kernel, and must not leave the lab whatever goes wrong`;
}
