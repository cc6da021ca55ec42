import { type Role, roles } from '../../contracts/words/nodes.js';
import { type InterfaceNames, type KeptName, renameInRules } from '../network/interfaceNames.js';
import { nodesOf } from '../model/nodesOf.js';
import type { KeyPath, TextPlace } from '../model/place.js';
import { placesOf } from './places.js';
import type { ScenarioFile } from './schema/file.js';
import { toRuleSet } from './toScenario.js';
import type { Scenario } from '../model/scenario.js';
import type { FiledScenario } from './toScenario.js';
import { unmatchedIn } from '../unmatched/unmatched.js';

/** Adds to a scenario the names that its lab does not have, and where each text is in the file. With `unmatched: accept` none of them affects the verdict. */
export function withUnmatched(
  scenario: FiledScenario,
  file: ScenarioFile,
  placeOf: (path: KeyPath) => TextPlace,
): Omit<Scenario, 'mutation'> {
  const names = Object.fromEntries(roles.map((role) => [role, file[role]?.interfaces ?? {}])) as Record<
    Role,
    InterfaceNames
  >;
  const found = unmatchedIn({ scenario, placeOf, names, kept: keptIn(scenario, file) });
  const unmatched = file.unmatched === 'accept' ? found.map((one) => ({ ...one, counts: false })) : found;
  return { ...scenario, unmatched, places: placesOf(scenario, placeOf) };
}

/** Names of interfaces that could not be made the lab's, by the paths of the texts that have them. */
function keptIn(
  { topology }: Pick<Scenario, 'topology'>,
  file: ScenarioFile,
): ReadonlyMap<string, readonly KeptName[]> {
  const ofRoles = roles.map((role) => {
    const { interfaces = {}, ...texts } = file[role] ?? {};
    return [role, renameInRules(toRuleSet(texts), interfaces).kept] as const;
  });
  const ofEvents = file.events.map((event, index) => {
    const role = nodesOf(topology).find(({ name }) => name === event.on)?.role ?? 'client';
    const { interfaces = {}, ...texts } = file[role] ?? {};
    const path = ['events', index, ...(event.run === undefined ? [] : ['run'])].join('.');
    return [path, renameInRules(toRuleSet(event), interfaces, toRuleSet(texts)).kept] as const;
  });
  return new Map([...ofRoles, ...ofEvents]);
}
