import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { resultOf, startedResults } from './resultKind.js';

/** Up to this many jobs, every result is shown in full; of more, only those that need a look. */
const few = 3;

export function isMany(jobs: number): boolean {
  return jobs > few;
}

/** The result that is hoped for: `fail` when scenarios were mutated, because the lab must notice that. */
export type DesiredResult = 'pass' | 'fail';

/** The results to show in full: all when there are few, else those that did not come out as hoped. A job that was not started has nothing to show. */
export function resultsToDetail(
  results: readonly ScenarioResult[],
  { verbose, hoped }: { readonly verbose: boolean; readonly hoped: DesiredResult },
): readonly ScenarioResult[] {
  const ran = startedResults(results);
  if (verbose || !isMany(results.length)) return ran;
  return ran.filter((result) => resultOf(result) !== hoped);
}
