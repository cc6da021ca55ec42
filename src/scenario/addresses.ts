import { formatAddress, parseAddress, type Subnet } from './ipv4.js';
import { nodesOf } from './nodes.js';
import type { Scenario } from './types.js';

/** Every address of a plan, dotted. */
export interface Addresses {
  /** The engine's own end of the bridge; Docker takes the first one. */
  readonly gateway: string;
  readonly vip: string;
  /** By node name. */
  readonly nodes: Readonly<Record<string, string>>;
}

/** Where in the subnet something goes when it can; realserver N goes to `realserver + N`. */
interface Offsets {
  readonly client: number;
  readonly director: number;
  readonly vip: number;
  readonly realserver: number;
}

/** Numbers that are easily told apart in a capture. */
const roomy: Offsets = { client: 10, director: 20, vip: 100, realserver: 30 };
/** Fits a /28. */
const tight: Offsets = { client: 2, director: 3, vip: 4, realserver: 4 };

const vipKey = 'vip';

/** Gives every node and the VIP an address of the subnet: the scenario's where it fixes one, else one nobody has. */
export function allocateAddresses(subnet: Subnet, topology: Scenario['topology']): Addresses {
  const fixed = new Map(
    Object.entries({ ...topology.addresses, ...(topology.vip && { [vipKey]: topology.vip }) }),
  );
  const taken = new Set([subnet.first + 1, ...[...fixed.values()].map(parseAddress)]);
  const addressOf = (key: string, preferred: number): string => {
    const given = fixed.get(key);
    if (given !== undefined) return given;
    let address = subnet.first + preferred;
    // A /28 has room for 13 beside the gateway and at most 11 want some, so this ends.
    if (taken.has(address)) for (address = subnet.first + 2; taken.has(address); address++);
    taken.add(address);
    return formatAddress(address);
  };
  const offsets = subnet.last - subnet.first > roomy.vip ? roomy : tight;
  const nodes = nodesOf(topology.realservers).map(({ name, role }) => {
    const preferred =
      role === 'realserver' ? offsets.realserver + Number(name.slice(role.length)) : offsets[role];
    return [name, addressOf(name, preferred)] as const;
  });
  return {
    gateway: formatAddress(subnet.first + 1),
    vip: addressOf(vipKey, offsets.vip),
    nodes: Object.fromEntries(nodes),
  };
}
