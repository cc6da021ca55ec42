import { ruleSetOf } from '../model/ruleSet.js';
import type { Role } from '../../contracts/words/nodes.js';
import { type KeyPath, type Place, placeOfLine, type TextPlace } from '../model/place.js';
import { nodesOf } from '../model/nodesOf.js';
import type { RuleSet, Scenario } from '../model/scenario.js';
import type { InterfaceNames, KeptName } from '../network/interfaceNames.js';
import { type Filters, readFilters, type FilterSource } from './rules/filterTexts.js';

/** A scenario to check, and where its parts are in the file. */
export interface Checked {
  readonly scenario: Pick<Scenario, 'topology' | 'roles' | 'events' | 'flows'>;
  readonly placeOf: (path: KeyPath) => TextPlace;
  /** The file's `interfaces` for each role. */
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

/** The parts of a scenario that name things: its roles, then its events. */
export function partsOf({ roles, events, topology }: Checked['scenario']): readonly Part[] {
  const ofRoles = (Object.keys(roles) as Role[]).map((role): Part => {
    const { sysctls, ...rules } = roles[role];
    return { role, path: [role], rules, sysctls, filters: readFilters(rules) };
  });
  const ofEvents = events.flatMap(({ node, action }, index): Part[] => {
    const role = nodesOf(topology).find(({ name }) => name === node)?.role;
    if (role === undefined) return [];
    const path = ['events', index];
    const sets = ofRoles.find((one) => one.role === role)?.filters.sets;
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
        ? readFilters({ ...roles[role], ...written(own), commands: own.commands }, sets)
        : readFilters(own, sets);
    return [{ role, path, rules: own, sysctls: {}, filters }];
  });
  return [...ofRoles, ...ofEvents];
}

function written({ rules, rules6, nftables }: RuleSet): Partial<RuleSet> {
  return {
    ...(rules !== undefined && { rules }),
    ...(rules6 !== undefined && { rules6 }),
    ...(nftables !== undefined && { nftables }),
  };
}

/** Whether a part has a text itself; rules of the role that an event's commands are read with have been looked at as the role's. */
export function isOwn({ rules, path }: Part, { key }: FilterSource): boolean {
  if (path[0] !== 'events' || path.length > 2) return true;
  return key === 'commands' ? rules.commands.length > 0 : rules[key] !== undefined;
}

/** Where a line of a part's texts is in the file. */
export function placeIn({ path }: Part, { key, line }: FilterSource, { placeOf }: Checked): Place {
  if (path.length > 2) return placeOf(path);
  return key === 'commands' ? placeOf([...path, key, line - 1]) : placeOfLine(placeOf([...path, key]), line);
}
