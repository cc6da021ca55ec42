import type { Family } from '../../contracts/words/network.js';
import { UsageError } from '../../support/errors.js';
import type { Allocation } from './allocation.js';
import { addressText, parseAddress } from './ipv4.js';
import { ipv6Address } from './ipv6.js';

/** Whose sources they are: the key of the scenario, the service's family, and the lab's addresses. */
interface SourcesOf {
  readonly of: 'flows' | 'load';
  readonly family: Family;
  readonly allocation: Allocation;
}

/**
 * Addresses of the client's own network that nobody has, from its top down: what raw-socket flows come from, or further connections.
 * @throws UsageError when the network has too few.
 */
export function sourceAddresses(count: number, { of, family, allocation }: SourcesOf): readonly string[] {
  const { networks, interfaces, vips } = allocation;
  const [client] = interfaces['client'] ?? [];
  const network = networks.find((one) => one.network === client?.network);
  if (network === undefined) throw new RangeError('the client is on none of the networks');
  const { subnet, gateway } = network;
  const nodes = Object.values(interfaces).flatMap((ends) => ends.map(({ address }) => address));
  const taken = new Set([gateway, ...vips, ...nodes].map(parseAddress));
  const free: number[] = [];
  for (let address = subnet.last - 1; address > subnet.first && free.length < count; address -= 1) {
    if (!taken.has(address)) free.push(address);
  }
  if (free.length < count) {
    throw new UsageError(
      `expected ${count} addresses that nobody has for \`${of}.sources\` in ${subnet.cidr}, found ${free.length}`,
      {
        hint: `Lower \`${of}.sources\`, or take a larger \`topology.subnet\`, or none: a run then has a /24.`,
      },
    );
  }
  return free.map((address) => (family === 'ipv4' ? addressText(address) : ipv6Address(subnet, address)));
}
