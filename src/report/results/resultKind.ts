import { verdictResults } from '../../contracts/words/outcomes.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { isRefusal } from '../../run/nodes/rulesError.js';
import { ExitCode, LabError } from '../../support/errors.js';

/** The words for results, in the order in which they are counted. */
export const resultKinds = [...verdictResults, 'broke', 'refused', 'not-run'] as const;
export type ResultKind = (typeof resultKinds)[number];

/** Kinds that are told only where there are some. */
export const rareKinds = ['refused', 'not-run'] as const satisfies readonly ResultKind[];

/**
 * The word for a job's result: the verdict's or, without one, `refused` when the kernel or the tools refused what the file loads, `not-run`
 * when the job was not started, else `broke`.
 */
export function resultOf({ verdict, error, notRun }: ScenarioResult): ResultKind {
  if (notRun !== undefined) return 'not-run';
  if (verdict !== undefined) return verdict.result;
  return isRefusal(error) ? 'refused' : 'broke';
}

/** The results of the jobs that were started. */
export function startedResults(results: readonly ScenarioResult[]): readonly ScenarioResult[] {
  return results.filter(({ notRun }) => notRun === undefined);
}

/**
 * The exit code of many results. A broken lab (2) outranks a scenario that could not be run as written (5), because results
 * after it may be missing; then come a failed verdict (1), an inconclusive one (3), and a job that was never started (4). No results at all is 4.
 */
export function exitCodeOf(results: readonly ScenarioResult[]): ExitCode {
  const codes = new Set(results.map(codeOf));
  const ranked = [
    ExitCode.labBroke,
    ExitCode.usage,
    ExitCode.verdictFailed,
    ExitCode.inconclusive,
    ExitCode.nothingRan,
    ExitCode.ok,
  ];
  return ranked.find((code) => codes.has(code)) ?? ExitCode.nothingRan;
}

const codes = {
  pass: ExitCode.ok,
  fail: ExitCode.verdictFailed,
  inconclusive: ExitCode.inconclusive,
} as const;

/** The exit code of a run with this result alone. */
export function codeOf({ verdict, error, notRun }: ScenarioResult): ExitCode {
  if (notRun !== undefined) return ExitCode.nothingRan;
  if (verdict !== undefined) return codes[verdict.result];
  return error instanceof LabError && error.exitCode === ExitCode.usage ? ExitCode.usage : ExitCode.labBroke;
}
