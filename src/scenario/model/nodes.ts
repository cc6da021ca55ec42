import type { Role } from '../../contracts/words/nodes.js';
import type { Topology } from './types.js';

/** A node's name inside the scenario, and what it does there. */
export interface NamedRole {
  readonly name: string;
  readonly role: Role;
}

type Layout = Pick<Topology, 'network' | 'directors' | 'realservers'>;

/** The nodes of a topology, in the order they are created: client, router, director, director2, realserver1 ... */
export function nodesOf({ network, directors, realservers }: Layout): readonly NamedRole[] {
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

/** Names of the nodes that serve HTTP: the realservers, then the directors that are realservers too. */
export function servingNodes(topology: Layout & Pick<Topology, 'localRealserver'>): readonly string[] {
  const nodes = nodesOf(topology);
  const named = (role: Role) => nodes.filter((node) => node.role === role).map(({ name }) => name);
  return [...named('realserver'), ...(topology.localRealserver ? named('director') : [])];
}

function numbered(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
