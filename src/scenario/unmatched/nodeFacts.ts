import type { Role } from '../../contracts/words/nodes.js';
import type { Scenario } from '../model/types.js';
import type { LabAddresses } from './labAddresses.js';
import type { MarkSetting } from './rules/rule.js';

/** What a node of a role has that rules may ask for. */
export interface NodeFacts {
  readonly interfaces: readonly string[];
  /** Names of the site's that have no part in the service. */
  readonly aside: readonly string[];
  readonly addresses: LabAddresses;
  /** What its rules and services set marks to. */
  readonly marks: readonly MarkSetting[];
  /** Elements of the sets that are made, by their names. */
  readonly sets: ReadonlyMap<string, readonly string[]>;
}

/** Whose programs run in a node: all of them are root's. */
export const users: readonly string[] = ['root', '0'];

/** The interfaces by which packets come and go on nodes of a role. */
export function interfacesOf(role: Role, { topology }: Pick<Scenario, 'topology'>): readonly string[] {
  const isTunnelEnd = topology.forwarding === 'tun' && (role === 'realserver' || role === 'director');
  const tunnel = topology.family === 'ipv4' ? 'tunl0' : 'ip6tnl0';
  return ['lo', 'eth0', ...(role === 'router' ? ['eth1'] : []), ...(isTunnelEnd ? [tunnel] : [])];
}
