import type { Role } from '../../contracts/words/nodes.js';
import type { InterfaceNames } from '../network/interfaceNames.js';
import type { TextPlace } from '../model/place.js';
import { placesOf } from './places.js';
import type { ScenarioFile } from './schema/file.js';
import type { Scenario } from '../model/scenario.js';
import { unmatchedIn } from '../unmatched/unmatched.js';

/** Where something is in a file. */
export type Path = readonly (string | number)[];

/** The scenario with what its lab does not have, and where its file has what; what the file accepts counts for nothing. */
export function withUnmatched(
  scenario: Omit<Scenario, 'mutation' | 'unmatched' | 'places'>,
  file: ScenarioFile,
  placeOf: (path: Path) => TextPlace,
): Omit<Scenario, 'mutation'> {
  const names = Object.fromEntries(
    (Object.keys(scenario.roles) as Role[]).map((role) => [role, file[role]?.interfaces ?? {}]),
  ) as Record<Role, InterfaceNames>;
  const found = unmatchedIn({ scenario, placeOf, names });
  const unmatched = file.unmatched === 'accept' ? found.map((one) => ({ ...one, counts: false })) : found;
  return { ...scenario, unmatched, places: placesOf(scenario, placeOf) };
}
