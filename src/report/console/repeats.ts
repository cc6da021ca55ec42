import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { cellText } from '../results/cellText.js';
import type { Paint } from '../text/colour.js';
import { countText } from '../text/countText.js';
import { rareKinds, resultKinds, resultOf, startedResults } from '../results/resultKind.js';
import { table } from '../text/textTable.js';

/** A table of what each scenario came to and how often, for runs that repeat scenarios. */
export function repeatsTable(results: readonly ScenarioResult[], paint: Paint): string {
  const shown = resultKinds.filter(
    (kind) => !rareKinds.some((rare) => rare === kind) || results.some((result) => resultOf(result) === kind),
  );
  const rows = byScenario(results).map(([scenario, times]) => [
    scenario,
    ...shown.map((kind) => times.filter((result) => resultOf(result) === kind).length),
  ]);
  return table(['scenario', ...shown.map((kind) => kind.replace('-', ' '))], rows, paint);
}

/** The scenarios whose runs did not all have the same result and outcome, and what they had. */
export function stabilityText(results: readonly ScenarioResult[]): string {
  const scenarios = byScenario(startedResults(results)).map(([scenario, times]) => ({
    scenario,
    seen: seenIn(times),
  }));
  const unstable = scenarios.filter(({ seen }) => seen.size > 1);
  if (unstable.length === 0) return `the same outcome each time: ${countText(scenarios.length, 'scenario')}`;
  const lines = unstable.map(
    ({ scenario, seen }) => `  ${scenario}: ${[...seen].map(([what, n]) => `${n} ${what}`).join(', ')}`,
  );
  return ['not the same outcome each time:', ...lines].join('\n');
}

function byScenario(results: readonly ScenarioResult[]): (readonly [string, ScenarioResult[]])[] {
  const ids = [...new Set(results.map(nameOf))];
  return ids.map((id) => [id, results.filter((result) => nameOf(result) === id)] as const);
}

/** For each result, such as `pass (close-blocked)`, how often it was seen. */
function seenIn(times: readonly ScenarioResult[]): ReadonlyMap<string, number> {
  const seen = new Map<string, number>();
  for (const result of times) {
    const outcome = result.verdict?.measured?.outcome;
    const what = `${resultOf(result)}${outcome === undefined ? '' : ` (${outcome})`}`;
    seen.set(what, (seen.get(what) ?? 0) + 1);
  }
  return seen;
}

/** The name of a scenario and its cell, because a scenario may come to something else in another cell. */
function nameOf({ scenario, cell }: ScenarioResult): string {
  const where = cellText(cell);
  return where === '' ? scenario : `${scenario} (${where})`;
}
