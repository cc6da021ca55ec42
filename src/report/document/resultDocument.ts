import path from 'node:path';
import type { EngineRecord } from '../../run/model/engineRecord.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import type { ExitCode } from '../../support/errors.js';
import { serialiseError } from '../text/errorText.js';
import { codeOf, resultOf } from '../results/resultKind.js';
import { documentDigest } from './documentDigest.js';
import { resultsSchemaVersion, type ResultDocument, type ScenarioEntry } from './documentSchema.js';

/** What is reported of one run, of several merged runs, or of a judgement. */
export interface RunReport {
  readonly version: string;
  readonly runId?: string | undefined;
  /** The run's directory as an absolute path; paths in the results are below it. */
  readonly directory?: string | undefined;
  readonly engines?: readonly EngineRecord[] | undefined;
  readonly mutated?: boolean | undefined;
  readonly seed?: string | undefined;
  readonly results: readonly ScenarioResult[];
  readonly exitCode: ExitCode;
  readonly error?: unknown;
}

/** Makes the document of a finished run or judgement. */
export function resultDocument(ended: RunReport): ResultDocument {
  const said = saidOf(ended);
  return { ...said, sha256: documentDigest(said) };
}

function saidOf(ended: RunReport): Omit<ResultDocument, 'sha256'> {
  const { version, runId, directory, engines = [], mutated = false, seed, results, exitCode, error } = ended;
  return {
    schema: resultsSchemaVersion,
    tool: { name: 'lvs-lab', version },
    ...(runId === undefined ? {} : { runId }),
    ...(directory === undefined ? {} : { directory }),
    engines,
    mutated,
    ...(seed === undefined ? {} : { seed }),
    scenarios: results.map((result) => entryOf(result, directory)),
    exitCode,
    ...(error === undefined ? {} : { error: serialiseError(error) }),
  };
}

function entryOf(result: ScenarioResult, below: string | undefined): ScenarioEntry {
  const { job, scenario, repeat, cell, file, hash, directory, seconds, verdict, error, notRun } = result;
  return {
    job,
    id: scenario,
    repeat,
    cell: { ...cell },
    ...(file === undefined ? {} : { file }),
    ...(hash === undefined ? {} : { hash }),
    result: resultOf(result),
    exitCode: codeOf(result),
    ...(verdict === undefined ? {} : { verdict }),
    directory: below === undefined ? directory : path.relative(below, directory) || '.',
    seconds,
    ...(notRun === undefined ? {} : { notRun }),
    ...(error === undefined ? {} : { error: serialiseError(error) }),
  };
}
