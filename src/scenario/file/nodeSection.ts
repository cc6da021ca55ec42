import type { NamedRole } from '../model/nodesOf.js';
import type { ScenarioFile } from './schema/file.js';

/** What a file says about the nodes of a role, or about one of them. */
export type RoleFile = ScenarioFile['director'];

/** The section of a role of which the file says nothing. */
export const emptySection: RoleFile = { iptables: 'nft', interfaces: {}, sysctls: {} };

/** What the file says about a node: its role's section, with the keys of its own in place of that one's; a null key is as if nobody had it. */
export function nodeSection(file: ScenarioFile, { name, role }: NamedRole): RoleFile {
  const section = file[role] ?? emptySection;
  const own = Object.entries(file.nodes[name] ?? {}).filter(([, value]) => value !== undefined);
  const keys = own.map(([key, value]) => [key, value ?? emptySection[key as keyof RoleFile]] as const);
  return { ...section, ...Object.fromEntries(keys) };
}
