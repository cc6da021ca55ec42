import type { Scenario } from '../model/scenario.js';
import type { UnmatchedName } from '../model/unmatchedName.js';

/** The names that the lab lacks for the file as it is, then those that it lacks only once the mutation is made. */
export function unmatchedInFile({ unmatched, mutation }: Scenario): readonly UnmatchedName[] {
  const keyOf = ({ name, message }: UnmatchedName): string => JSON.stringify([name, message]);
  const known = new Set(unmatched.map(keyOf));
  const more = (mutation?.scenario.unmatched ?? []).filter((one) => !known.has(keyOf(one)));
  return [
    ...unmatched,
    ...more.map((one) => ({ ...one, message: `with the mutation made: ${one.message}` })),
  ];
}
