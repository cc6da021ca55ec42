import type { Family } from '../../../contracts/words/network.js';
import type { IptablesFlavour } from '../../../contracts/words/nodes.js';
import type { FamilyAddresses } from '../../network/allocation.js';
import type { Topology } from '../../model/scenario.js';
import { allForwardings, forwardingsTo } from '../../model/virtualServices.js';

/** What the set-up of every node follows from. */
export interface Setting {
  readonly topology: Topology;
  readonly addresses: FamilyAddresses;
  /** Addresses that raw-socket flows come from; empty: there are none. */
  readonly sources: readonly string[];
  /** Addresses of the client beside its own, from which connections come too. */
  readonly clients: readonly string[];
}

/** What the set-up of one node follows from. */
export interface NodeSetting extends Setting {
  /** The node's flavour, for firewall marks of a director. */
  readonly iptables: IptablesFlavour;
}

/** Whether replies of any realserver pass the director. */
export function repliesThroughDirector(topology: Topology): boolean {
  return topology.replies === 'director' || allForwardings(topology).has('nat');
}

/** Whether a realserver's replies pass the director, which is then its default route. */
export function repliesOfThroughDirector(node: string, topology: Topology): boolean {
  return topology.replies === 'director' || forwardingsTo(node, topology).has('nat');
}

/** `ip` for a family. */
export function ipOf(family: Family): readonly string[] {
  return family === 'ipv4' ? ['ip'] : ['ip', '-6'];
}

/** The device that a tunnel's packets come out of. The kernel has one in each namespace as soon as it has the module. */
export function tunnelDevice(family: Family): string {
  return family === 'ipv4' ? 'tunl0' : 'ip6tnl0';
}
