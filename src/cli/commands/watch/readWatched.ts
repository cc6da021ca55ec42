import { isDeepStrictEqual } from 'node:util';
import { namedFiles } from '../../../scenario/file/ruleFiles/namedFiles.js';
import { readScenario, refuseSharedIds } from '../../../scenario/library/library.js';
import type { Scenario } from '../../../scenario/model/scenario.js';
import { UsageError } from '../../../support/errors.js';
import type { FileChanges } from './fileChanges.js';

/** What there is to watch. */
export interface WatchedFiles {
  readonly scenarios: readonly Scenario[];
  /** What is wrong with the files of the others, a UsageError each. */
  readonly errors: readonly UsageError[];
  /** All files that are followed. */
  readonly files: readonly string[];
}

/** Reads these scenarios' files, and follows them and the rule files that they name: a change of what was read will be noticed. */
export async function readWatched(
  scenarioFiles: readonly string[],
  changes: Pick<FileChanges, 'follow'>,
): Promise<WatchedFiles> {
  for (;;) {
    const files = await allFiles(scenarioFiles);
    await changes.follow(files);
    const read = await readAll(scenarioFiles);
    // What was saved before it was followed may name other files.
    if (isDeepStrictEqual(await allFiles(scenarioFiles), files)) return { ...read, files };
  }
}

async function allFiles(scenarioFiles: readonly string[]): Promise<readonly string[]> {
  return [...new Set((await Promise.all(scenarioFiles.map(namedFiles))).flat())];
}

async function readAll(files: readonly string[]): Promise<Pick<WatchedFiles, 'scenarios' | 'errors'>> {
  const scenarios: Scenario[] = [];
  const errors: UsageError[] = [];
  for (const file of files) {
    try {
      const scenario = await readScenario(file);
      refuseSharedIds([...scenarios, scenario]);
      scenarios.push(scenario);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      errors.push(error);
    }
  }
  return { scenarios, errors };
}
