import type { EngineIdentity } from '../engine/port.js';
import { inDetail } from '../report/amount.js';
import { resultDocument } from '../report/result.js';
import { summaryText } from '../report/summary.js';
import { scenarioText } from '../report/verdict.js';
import type { ScenarioResult } from '../run/result.js';
import type { ExitCode } from '../support/errors.js';
import type { Context } from './context.js';

/** What there is to print of a run, or of a judgement. */
export interface Results {
  readonly results: readonly ScenarioResult[];
  readonly exitCode: ExitCode;
  readonly json: boolean | undefined;
  /** In full also those of many that came out as hoped. */
  readonly verbose: boolean | undefined;
  /** The scenarios were mutated: `fail` is hoped for. */
  readonly mutated?: boolean;
  /** What the order was shuffled with. */
  readonly seed?: string | undefined;
  readonly runId?: string;
  readonly engine?: EngineIdentity;
  /** What ended it early. */
  readonly error?: unknown;
}

/** Results to stdout, as one JSON document or for people; what ended the run early goes to stderr as well. */
export function printResults(context: Context, ended: Results): void {
  const { paint, print, printJson, complain, debug, services } = context;
  const { results, json, error, verbose = false, mutated = false, seed } = ended;
  if (json === true) printJson(resultDocument({ version: services.version, ...ended }));
  else if (results.length > 0) {
    const shown = inDetail(results, { verbose, hoped: mutated ? 'fail' : 'pass' });
    for (const result of shown) print(`${scenarioText(result, paint, { debug })}\n`);
    print(summaryText(results, paint, { mutated, seed }));
  }
  if (error !== undefined) complain(error);
}
