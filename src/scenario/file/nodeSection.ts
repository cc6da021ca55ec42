import type { NamedRole } from '../model/nodesOf.js';
import type { ScenarioFile } from './schema/file.js';

/** What a file says about the nodes of a role, or about one of them. */
export type RoleFile = ScenarioFile['director'];

/** The section of a role of which the file says nothing. */
export const emptySection: RoleFile = { iptables: 'nft', interfaces: {}, sysctls: {} };

/**
 * What the file says about a node: the section of its role, in which the node's own keys replace the role's. A null key of the node's is as if
 * the role had none either.
 */
export function nodeSection(file: ScenarioFile, { name, role }: NamedRole): RoleFile {
  const section = file[role] ?? emptySection;
  const own = Object.entries(file.nodes[name] ?? {}).filter(([, value]) => value !== undefined);
  const keys = own.map(([key, value]) => [key, value ?? emptySection[key as keyof RoleFile]] as const);
  return { ...section, ...Object.fromEntries(keys) };
}
