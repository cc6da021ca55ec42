import { notUnicast } from '../../contracts/words/network.js';
import { overlaps, type Subnet, subnetOf } from './ipv4.js';

/** Why raw-socket flows cannot use a network; undefined: they can, whoever owns it on the Internet. */
export function whyNoFlows(subnet: Subnet): string | undefined {
  const found = notUnicast.find((range) => overlaps(subnetOf(range), subnet));
  if (found === undefined) return undefined;
  return `expected a network of unicast addresses (nothing of ${notUnicast.join(', ')}) for raw-socket flows, found \`${subnet.cidr}\`, which has some of ${found}`;
}
