import path from 'node:path';
import { z } from 'zod';
import type { EngineRecord } from '../../run/model/engineRecord.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { type ExitCode, LabError, UsageError } from '../../support/errors.js';
import type { Verdict } from '../../verdict/model/verdict.js';
import type { SerialisedError } from '../text/errorText.js';
import {
  resultDocumentSchema,
  resultsSchemaVersion,
  type ResultDocument,
  type ScenarioEntry,
} from './documentSchema.js';
import { documentDigest } from './documentDigest.js';
import { verdictSchema } from '../../verdict/model/verdictSchema.js';

/** The results of a run as they were recorded, and where they are. */
export interface RecordedResults {
  readonly document: ResultDocument;
  /** Absolute path of the folder that holds the evidence now. */
  readonly directory: string;
  /** Results in the order of the document; their directories are absolute paths. */
  readonly results: readonly ScenarioResult[];
  readonly engines: readonly EngineRecord[];
}

const problemsShown = 5;
const hint = 'name a run directory that `lvs-lab run` made, or its results.json';

/**
 * Reads the text of a results.json in `directory`. Throws UsageError that says what is wrong: no JSON, no results, another schema version,
 * fields that differ from docs/reference/results.schema.json, or a text that was edited after it was recorded.
 */
export function parseResults(text: string, file: string, directory: string): RecordedResults {
  const document = documentIn(text, file);
  return {
    document,
    directory,
    results: document.scenarios.map((entry) => resultIn(entry, directory)),
    engines: document.engines.map(({ kernel, image, identity, provenance }) => ({
      kernel,
      image,
      identity,
      provenance,
    })),
  };
}

function documentIn(text: string, file: string): ResultDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${file}: expected JSON, found something else`, { cause, hint });
  }
  const found = (value as { readonly schema?: unknown } | null)?.schema;
  if (typeof found === 'number' && found !== resultsSchemaVersion) {
    throw new UsageError(
      `${file}: expected results of schema version ${String(resultsSchemaVersion)}, found version ${String(found)}`,
      { hint: 'use the version of lvs-lab that wrote it, or run the scenarios again' },
    );
  }
  const parsed = resultDocumentSchema.safeParse(value);
  // The value as it was: fields that a later version has added must not be lost when it is written again.
  if (parsed.success) {
    refuseChanged(value as ResultDocument, file);
    return value as ResultDocument;
  }
  const problems = parsed.error.issues.map(
    ({ path: at, message }) => `${z.core.toDotPath(at) || 'document'}: ${message}`,
  );
  const more = problems.length > problemsShown ? [`and ${String(problems.length - problemsShown)} more`] : [];
  throw new UsageError(
    `${file}: expected results as \`lvs-lab run --json\` prints them, found something else`,
    {
      details: [...problems.slice(0, problemsShown), ...more].join('\n'),
      hint,
    },
  );
}

function refuseChanged(document: ResultDocument, file: string): void {
  const seal = documentDigest(document);
  if (seal === document.sha256) return;
  throw new UsageError(
    `${file}: expected the results that were recorded, with the SHA-256 ${document.sha256} that they name, found that they were changed since: it is ${seal}`,
    {
      hint: 'get the file again from where it was made; `lvs-lab judge RUNDIR` comes to the verdicts of a run from its evidence',
    },
  );
}

function resultIn(entry: ScenarioEntry, below: string): ScenarioResult {
  const { job, id, repeat, cell, file, hash, directory, seconds, verdict, error, exitCode, notRun } = entry;
  const common = {
    scenario: id,
    job,
    repeat,
    directory: path.resolve(below, directory),
    seconds,
    cell: { kernel: cell.kernel, image: cell.image, iptables: cell.iptables },
    file,
    hash,
  };
  if (notRun !== undefined) return { ...common, notRun };
  if (verdict === undefined) return { ...common, error: new RecordedError(error, exitCode) };
  // What JSON leaves out is undefined in memory, and reads the same.
  return { ...common, verdict };
}

/** Reads the text of a verdict.json. Throws an Error when it is no verdict. */
export function parseVerdict(text: string): Verdict {
  const value: unknown = JSON.parse(text);
  verdictSchema.parse(value);
  return value as Verdict;
}

/** An error that another process reported. */
export class RecordedError extends LabError {
  override readonly exitCode: ExitCode;

  constructor(error: SerialisedError | undefined, exitCode: ExitCode) {
    const { message = 'the lab broke, and nothing says why', details, hint: next, cause } = error ?? {};
    super(message, {
      ...(details === undefined ? {} : { details }),
      ...(next === undefined ? {} : { hint: next }),
      ...(cause === undefined ? {} : { cause: new RecordedError(cause, exitCode) }),
    });
    this.name = error?.name ?? this.name;
    this.exitCode = exitCode;
  }
}
