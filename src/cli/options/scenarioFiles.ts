import { dirname, resolve } from 'node:path';
import type { Scenario } from '../../scenario/model/scenario.js';

/** The files that a scenario was read from, its own and the rule files that it names, as absolute paths, each once. */
export function scenarioFiles({ file, places }: Scenario): readonly string[] {
  const ruleFiles = Object.values(places).flatMap(({ text }) => text?.file ?? []);
  return [...new Set([file, ...ruleFiles.map((name) => resolve(dirname(file), name))])];
}
