import type { Role } from '../../contracts/words/nodes.js';
import type { Topology } from './scenario.js';

/** A node's name and its role. */
export interface NamedRole {
  readonly name: string;
  readonly role: Role;
}

/** The parts of a topology that decide which nodes there are. */
export type NodeCounts = Pick<Topology, 'network' | 'directors' | 'realservers'>;

/** The nodes of a topology in the order in which they are created: client, router, director, director2, realserver1 and so on. */
export function nodesOf({ network, directors, realservers }: NodeCounts): readonly NamedRole[] {
  return [
    { name: 'client', role: 'client' },
    ...(network === 'routed' ? [{ name: 'router', role: 'router' } as const] : []),
    ...numbered(directors).map((n) => ({
      name: n === 1 ? 'director' : `director${n}`,
      role: 'director' as const,
    })),
    ...numbered(realservers).map((n) => ({ name: `realserver${n}`, role: 'realserver' as const })),
  ];
}

/** The names of the nodes that serve HTTP: the realservers, then directors that serve too. */
export function servingNodes(topology: NodeCounts & Pick<Topology, 'localRealserver'>): readonly string[] {
  const nodes = nodesOf(topology);
  const named = (role: Role) => nodes.filter((node) => node.role === role).map(({ name }) => name);
  return [...named('realserver'), ...(topology.localRealserver ? named('director') : [])];
}

function numbered(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
