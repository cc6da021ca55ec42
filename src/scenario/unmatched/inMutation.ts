import type { Scenario } from '../model/scenario.js';
import type { Unmatched } from '../model/unmatchedName.js';

/** What a scenario's file names and its lab does not have, as it is and, where that is more, with its mutation made. */
export function unmatchedInFile({ unmatched, mutation }: Scenario): readonly Unmatched[] {
  const keyOf = ({ name, message }: Unmatched): string => JSON.stringify([name, message]);
  const known = new Set(unmatched.map(keyOf));
  const more = (mutation?.scenario.unmatched ?? []).filter((one) => !known.has(keyOf(one)));
  return [
    ...unmatched,
    ...more.map((one) => ({ ...one, message: `with the mutation made: ${one.message}` })),
  ];
}
