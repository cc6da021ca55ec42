import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { resultOf, thatRan } from './resultKind.js';

/** Up to this many jobs everything is shown; of more, only what somebody has to look at. */
const few = 3;

export function isMany(jobs: number): boolean {
  return jobs > few;
}

/** What is hoped for: `fail` when scenarios were mutated, for then the lab must notice. */
export type Hoped = 'pass' | 'fail';

/** The results to show in full: all of a few, or of many those that did not come out as hoped. A job that never started has nothing to show. */
export function inDetail(
  results: readonly ScenarioResult[],
  { verbose, hoped }: { readonly verbose: boolean; readonly hoped: Hoped },
): readonly ScenarioResult[] {
  const ran = thatRan(results);
  if (verbose || !isMany(results.length)) return ran;
  return ran.filter((result) => resultOf(result) !== hoped);
}
