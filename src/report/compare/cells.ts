import type { Cell } from '../../run/model/cell.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { cellText } from '../results/cellText.js';

const dimensions = ['kernel', 'image', 'iptables'] as const;
type Dimension = (typeof dimensions)[number];

/** The results of one scenario and cell in both result sets; it may be missing from one. */
export interface Pair {
  readonly scenario: string;
  /** The cell, as `cellText` writes it, without what both sets have only one of. */
  readonly cell: string;
  /** All runs of the scenario there in each set; empty: it did not run. */
  readonly a: readonly ScenarioResult[];
  readonly b: readonly ScenarioResult[];
}

/**
 * Pairs the results of two sets by scenario and cell. When each set has a single value of a dimension, such as the kernel, that is what the
 * sets as a whole differ in, and it does not keep their cells apart.
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
