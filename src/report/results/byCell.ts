import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { cellText } from './cellText.js';

/** The results of one cell. */
export interface CellResults {
  /** The cell, as `cellText` writes it; empty when nothing was asked for. */
  readonly name: string;
  readonly results: readonly ScenarioResult[];
}

/** Groups results by cell. Cells and results keep their order. */
export function byCell(results: readonly ScenarioResult[]): readonly CellResults[] {
  const names = [...new Set(results.map(({ cell }) => cellText(cell)))];
  return names.map((name) => ({ name, results: results.filter(({ cell }) => cellText(cell) === name) }));
}
