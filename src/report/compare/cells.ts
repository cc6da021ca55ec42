import type { Cell } from '../../run/model/cell.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { cellText } from '../results/cellText.js';

const dimensions = ['kernel', 'image', 'iptables'] as const;
type Dimension = (typeof dimensions)[number];

/** What is in both result sets, or in one of them, under one name. */
export interface Pair {
  readonly scenario: string;
  /** As `cellText` has it, without what the sets are not told apart by. */
  readonly cell: string;
  /** All times that the scenario ran there; empty: it did not. */
  readonly a: readonly ScenarioResult[];
  readonly b: readonly ScenarioResult[];
}

/**
 * Joins two result sets by scenario and cell. A dimension in which each set has one value only is what they differ in as a whole (before
 * and after a patched kernel, say), and does not keep cells apart.
 */
export function pairs(a: readonly ScenarioResult[], b: readonly ScenarioResult[]): readonly Pair[] {
  const kept = dimensions.filter(
    (dimension) => valuesOf(a, dimension).size > 1 || valuesOf(b, dimension).size > 1,
  );
  const found = new Map<
    string,
    { scenario: string; cell: string; a: ScenarioResult[]; b: ScenarioResult[] }
  >();
  for (const [side, results] of Object.entries({ a, b })) {
    for (const result of results) {
      const { scenario } = result;
      const cell = cellText(only(result.cell, kept));
      const key = JSON.stringify([cell, scenario]);
      const pair = found.get(key) ?? { scenario, cell, a: [], b: [] };
      pair[side as 'a' | 'b'].push(result);
      found.set(key, pair);
    }
  }
  return [...found.values()];
}

function valuesOf(results: readonly ScenarioResult[], dimension: Dimension): ReadonlySet<string | undefined> {
  return new Set(results.map(({ cell }) => cell?.[dimension]));
}

function only(cell: Cell | undefined, kept: readonly Dimension[]): Cell {
  const value = <D extends Dimension>(dimension: D) =>
    kept.includes(dimension) ? cell?.[dimension] : undefined;
  return { kernel: value('kernel'), image: value('image'), iptables: value('iptables') };
}
