import type { ScenarioResult } from '../run/result.js';
import { ExitCode, LabError } from '../support/errors.js';
import type { Verdict } from '../verdict/types.js';

export type ResultKind = Verdict['result'] | 'broke';

/** The verdict's result, or `broke` when there is no verdict. */
export function resultOf(result: ScenarioResult): ResultKind {
  return result.verdict === undefined ? 'broke' : result.verdict.result;
}

/**
 * The exit code of many results. A broken lab (2) outranks a scenario that could not be run as written (5), because results
 * after it may be missing; then come a failed verdict (1) and an inconclusive one (3). No results at all is 4.
 */
export function exitCodeOf(results: readonly ScenarioResult[]): ExitCode {
  const codes = new Set(results.map(codeOf));
  const ranked = [
    ExitCode.labBroke,
    ExitCode.usage,
    ExitCode.verdictFailed,
    ExitCode.inconclusive,
    ExitCode.ok,
  ];
  return ranked.find((code) => codes.has(code)) ?? ExitCode.nothingRan;
}

const codes = {
  pass: ExitCode.ok,
  fail: ExitCode.verdictFailed,
  inconclusive: ExitCode.inconclusive,
} as const;

/** What one result alone would end with. */
export function codeOf({ verdict, error }: ScenarioResult): ExitCode {
  if (verdict !== undefined) return codes[verdict.result];
  return error instanceof LabError && error.exitCode === ExitCode.usage ? ExitCode.usage : ExitCode.labBroke;
}
