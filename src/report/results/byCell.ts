import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { cellText } from './cellText.js';

/** The results of one cell. */
export interface CellResults {
  /** As `cellText` has it; empty where nothing was asked for. */
  readonly name: string;
  readonly results: readonly ScenarioResult[];
}

/** Results by cell, both in the order in which they came. */
export function byCell(results: readonly ScenarioResult[]): readonly CellResults[] {
  const names = [...new Set(results.map(({ cell }) => cellText(cell)))];
  return names.map((name) => ({ name, results: results.filter(({ cell }) => cellText(cell) === name) }));
}
