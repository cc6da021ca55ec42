import { ruleSetOf } from '../model/ruleSet.js';
import type { Role } from '../../contracts/words/nodes.js';
import { type KeyPath, type Place, placeOfLine, type TextPlace } from '../model/place.js';
import { nodesOf } from '../model/nodesOf.js';
import type { RoleSettings, RuleSet, Scenario } from '../model/scenario.js';
import { settingsOf } from '../model/settingsOf.js';
import type { InterfaceNames, KeptName } from '../network/interfaceNames.js';
import { type Filters, readFilters, type FilterSource } from './rules/filterTexts.js';

/** A scenario to check, and where its parts are in the file. */
export interface Checked {
  readonly scenario: Pick<Scenario, 'topology' | 'roles' | 'nodes' | 'events' | 'load' | 'flows'>;
  readonly placeOf: (path: KeyPath) => TextPlace;
  /** The file's `interfaces` for each role, those of its single nodes among them. */
  readonly names: Readonly<Record<Role, InterfaceNames>>;
  /** Names in the texts at these paths, such as `director` and `events.0`, that are kept as they are. */
  readonly kept: ReadonlyMap<string, readonly KeptName[]>;
}

/** The texts of a role or event, and where they are in the file. */
export interface Part {
  readonly role: Role;
  readonly path: KeyPath;
  readonly rules: RuleSet;
  readonly sysctls: Readonly<Record<string, string>>;
  /** The packet filter when these texts are in force, including the role's own. */
  readonly filters: Filters;
}

const nothing = ruleSetOf(() => undefined, []);

/** The parts of a scenario that name things: its roles, nodes with something of their own, then its events. */
export function partsOf(scenario: Checked['scenario']): readonly Part[] {
  const { roles, nodes, events, topology } = scenario;
  const all = nodesOf(topology);
  const ofSettings = (role: Role, path: KeyPath, { sysctls, ...rules }: RoleSettings): Part => ({
    ...{ role, path, rules, sysctls },
    filters: readFilters(rules),
  });
  // What no node of a role has, since each has its own, names nothing in the lab.
  const ofRoles = (Object.keys(roles) as Role[])
    .filter(
      (role) =>
        all.every((node) => node.role !== role) ||
        all.some((node) => node.role === role && !(node.name in nodes)),
    )
    .map((role) => ofSettings(role, [role], roles[role]));
  const ofNodes = all.flatMap(({ name, role }) => {
    const own = nodes[name];
    return own === undefined ? [] : [ofSettings(role, ['nodes', name], own)];
  });
  const ofEvents = events.flatMap(({ node, action }, index): Part[] => {
    const named = all.find(({ name }) => name === node);
    if (named === undefined) return [];
    const { role } = named;
    const settings = settingsOf(scenario, named);
    const path = ['events', index];
    const sets = (ofNodes.find((one) => one.path[1] === node) ?? ofRoles.find((one) => one.role === role))
      ?.filters.sets;
    if (action.kind === 'sysctls')
      return [{ role, path, rules: nothing, sysctls: action.sysctls, filters: readFilters(nothing) }];
    if (action.kind === 'run') {
      const rules = { ...nothing, commands: [action.command] };
      return [{ role, path: [...path, 'run'], rules, sysctls: {}, filters: readFilters(rules, sets) }];
    }
    if (action.kind !== 'rules') return [];
    // Commands of an event add to the rules that are there.
    const own = action.rules;
    const filters =
      own.commands.length > 0
        ? readFilters({ ...settings, ...written(own), commands: own.commands }, sets)
        : readFilters(own, sets);
    return [{ role, path, rules: own, sysctls: {}, filters }];
  });
  return [...ofRoles, ...ofNodes, ...ofEvents];
}

function written({ rules, rules6, nftables }: RuleSet): Partial<RuleSet> {
  return {
    ...(rules !== undefined && { rules }),
    ...(rules6 !== undefined && { rules6 }),
    ...(nftables !== undefined && { nftables }),
  };
}

/**
 * Whether the text that a rule is in belongs to the part itself. The commands of an event are read together with the rules of the role, which
 * have been looked at as the role's.
 */
export function isOwn({ rules, path }: Part, { key }: FilterSource): boolean {
  if (path[0] !== 'events' || path.length > 2) return true;
  return key === 'commands' ? rules.commands.length > 0 : rules[key] !== undefined;
}

/** Where a line of a part's texts is in the file. */
export function placeIn({ path }: Part, { key, line }: FilterSource, { placeOf }: Checked): Place {
  if (path.length > 2) return placeOf(path);
  return key === 'commands' ? placeOf([...path, key, line - 1]) : placeOfLine(placeOf([...path, key]), line);
}
