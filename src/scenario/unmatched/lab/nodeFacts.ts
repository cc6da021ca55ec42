import type { Role } from '../../../contracts/words/nodes.js';
import { devicesOf } from '../../model/devicesOf.js';
import { nodesOf } from '../../model/nodesOf.js';
import type { Scenario, Topology } from '../../model/scenario.js';
import { allForwardings } from '../../model/virtualServices.js';
import type { NamedSets } from '../../syntax/namedSets.js';
import type { LabAddresses } from './labAddresses.js';
import type { UnmatchedTerm } from './unmatchedTerm.js';
import type { MarkSetting } from '../rules/rule.js';

/** What a node of a role has that rules can ask for. */
export interface NodeFacts {
  readonly interfaces: readonly string[];
  /** The site's names of interfaces that play no part in the service. */
  readonly aside: readonly string[];
  readonly addresses: LabAddresses;
  /** The marks that its rules and services set. */
  readonly marks: readonly MarkSetting[];
  readonly sets: NamedSets;
  /** Addresses that commands give to nodes of the lab; clients know nothing of them. */
  readonly given: ReadonlySet<string>;
  /** Words of its commands that are not the packet filter's. */
  readonly mentioned: ReadonlySet<string>;
  /** What was found of sets that were looked through. */
  readonly lookedUp: Map<string, readonly UnmatchedTerm[]>;
}

/** The user whose programs run in a node, and its group: only root. */
export const rootNames: readonly string[] = ['root', '0'];

/** The interfaces by which packets come and go on nodes of a role. */
export function interfacesOf(role: Role, { topology }: Pick<Scenario, 'topology'>): readonly string[] {
  const isTunnelEnd = allForwardings(topology).has('tun') && (role === 'realserver' || role === 'director');
  const tunnel = topology.family === 'ipv4' ? 'tunl0' : 'ip6tnl0';
  return ['lo', ...devicesOfRole(topology, role), ...(isTunnelEnd ? [tunnel] : [])];
}

/** What interfaces of nodes of a role are called; a role without nodes has those that it would have. */
export function devicesOfRole(topology: Topology, role: Role): readonly string[] {
  const nodes = nodesOf(topology).filter((node) => node.role === role);
  const all = nodes.length === 0 ? [{ name: role, role }] : nodes;
  const { sides } = topology;
  // A director with a name for each side calls none as the engine does.
  if (role === 'director' && sides !== undefined) return [...new Set([sides.clients, sides.realservers])];
  return [...new Set(all.flatMap((node) => devicesOf(topology, node)))];
}
