import type { EngineIdentity } from '../engine/port.js';
import type { ScenarioResult } from '../run/result.js';
import { ExitCode, LabError } from '../support/errors.js';
import type { Verdict } from '../verdict/types.js';
import { serialiseError, type SerialisedError } from './errors.js';

/** What `--json` prints. `schema` goes up when a field changes its meaning or goes away. */
export interface ResultDocument {
  readonly schema: 1;
  readonly tool: { readonly name: 'lvs-lab'; readonly version: string };
  /** Undefined when recorded evidence was judged again. */
  readonly runId: string | undefined;
  readonly engine: EngineIdentity | undefined;
  /** True: the scenarios were mutated, so `fail` is what was hoped for. `result` and `exitCode` are those of the verdicts all the same. */
  readonly mutated: boolean;
  /** What the order was shuffled with; `--shuffle SEED` gives it again. */
  readonly seed?: string;
  /** One a job, in the order in which they were asked for; a scenario that ran several times is here several times. */
  readonly scenarios: readonly {
    /** Name of the job, unique in the run: the scenario's id, from the second time on with `#2`, `#3` ... */
    readonly job: string;
    readonly id: string;
    /** Which time of the scenario's it was: 1, 2 ... */
    readonly repeat: number;
    readonly result: ResultKind;
    readonly verdict: Verdict | undefined;
    readonly directory: string;
    /** Wall time. */
    readonly seconds: number;
    readonly error?: SerialisedError;
  }[];
  readonly exitCode: ExitCode;
  /** What ended the run before it was over. */
  readonly error?: SerialisedError;
}

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

function codeOf({ verdict, error }: ScenarioResult): ExitCode {
  if (verdict !== undefined) return codes[verdict.result];
  return error instanceof LabError && error.exitCode === ExitCode.usage ? ExitCode.usage : ExitCode.labBroke;
}

/** Makes the document of a finished run or judgement. */
export function resultDocument(run: {
  readonly version: string;
  readonly runId?: string | undefined;
  readonly engine?: EngineIdentity | undefined;
  readonly mutated?: boolean;
  readonly seed?: string | undefined;
  readonly results: readonly ScenarioResult[];
  readonly exitCode: ExitCode;
  readonly error?: unknown;
}): ResultDocument {
  return {
    schema: 1,
    tool: { name: 'lvs-lab', version: run.version },
    runId: run.runId,
    engine: run.engine,
    mutated: run.mutated ?? false,
    ...(run.seed === undefined ? {} : { seed: run.seed }),
    scenarios: run.results.map((result) => ({
      job: result.job,
      id: result.scenario,
      repeat: result.repeat,
      result: resultOf(result),
      verdict: result.verdict,
      directory: result.directory,
      seconds: result.seconds,
      ...(result.error === undefined ? {} : { error: serialiseError(result.error) }),
    })),
    exitCode: run.exitCode,
    ...(run.error === undefined ? {} : { error: serialiseError(run.error) }),
  };
}
