import type { NamedRole } from './nodesOf.js';
import type { RoleSettings, Scenario } from './scenario.js';

/** What a node loads: its own settings, else those of its role. */
export function settingsOf(
  { roles, nodes }: Pick<Scenario, 'roles' | 'nodes'>,
  node: NamedRole,
): RoleSettings {
  return nodes[node.name] ?? roles[node.role];
}
