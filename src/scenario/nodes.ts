import type { Role } from './types.js';

/** A node's name inside the scenario, and what it does there. */
export interface NamedRole {
  readonly name: string;
  readonly role: Role;
}

/** The nodes of a topology, in the order they are created: client, director, realserver1 ... */
export function nodesOf(realservers: number): readonly NamedRole[] {
  const numbered = Array.from({ length: realservers }, (_, index) => ({
    name: `realserver${index + 1}`,
    role: 'realserver' as const,
  }));
  return [{ name: 'client', role: 'client' }, { name: 'director', role: 'director' }, ...numbered];
}
