import type { Provenance } from '../../evidence/model/provenance.js';
import { RecordedError, type RecordedResults } from '../../report/document/parseResults.js';
import { startedResults } from '../../report/results/resultKind.js';
import type { EngineRecord } from '../../run/model/engineRecord.js';
import type { Emit } from '../../run/model/labEvents.js';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { LabError } from '../../support/errors.js';
import { writeJobList } from '../targets/jobsFile.js';
import type { Attempt } from './attempt.js';
import type { ChildEnd, ChildRequest } from './child.js';
import { ChildWatch } from './childWatch.js';

/** How an attempt ended. Jobs without a result were never started. */
export interface AttemptEnd {
  readonly results: readonly ScenarioResult[];
  readonly engines: readonly EngineRecord[];
  /** The error that ended it early; undefined: none. */
  readonly error: Error | undefined;
}

/** Functions that attempts need. */
export interface AttemptTools {
  readonly runChild: (request: ChildRequest) => Promise<ChildEnd>;
  /** The arguments that make this program run an attempt's jobs in its directory and write events to stderr. */
  readonly argvOf: (attempt: Attempt) => readonly string[];
  /** Reads the results that a run left in its directory; rejects when there are none. */
  readonly readResults: (directory: string) => Promise<RecordedResults>;
  readonly readProvenance: (directory: string) => Promise<Provenance | undefined>;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/**
 * Runs an attempt's jobs in a child process. The job during which a child died is broken; jobs before it keep the results that the child
 * reported. Rejects only when the list of jobs cannot be written or the child cannot be started.
 */
export async function runAttempt(attempt: Attempt, tools: AttemptTools): Promise<AttemptEnd> {
  const { target, jobs, directory, jobsFile } = attempt;
  const { emit, signal } = tools;
  await writeJobList(jobsFile, jobs);
  const watch = new ChildWatch(attempt, emit);
  const ended = await tools.runChild({
    argv: tools.argvOf(attempt),
    line: (text) => {
      watch.take(text);
    },
    signal,
  });
  if (ended.wasForced) {
    const error = new LabError('its process did not end when it was told to, and was killed');
    emit({ type: 'cleanup-problem', what: `the lab of ${target.name}`, error });
  }
  // What it recorded says most; a child that was killed recorded nothing.
  const recorded = await tools.readResults(directory).catch(() => undefined);
  const error = recorded === undefined ? deathOf(attempt, ended, watch) : errorIn(recorded);
  const unfinished = signal.aborted ? (signal.reason as Error) : (error ?? withoutWord(attempt));
  const told = watch.over(unfinished);
  const results = new Map<string, ScenarioResult>(
    [...told, ...startedResults(recorded?.results ?? [])].map((result) => [result.job, result]),
  );
  return {
    results: jobs.flatMap(({ name }) => results.get(name) ?? []),
    engines: recorded?.engines ?? (await engineOf(attempt, watch, tools)),
    error,
  };
}

function errorIn({ document: { error, exitCode } }: RecordedResults): Error | undefined {
  return error === undefined ? undefined : new RecordedError(error, exitCode);
}

async function engineOf(
  { target: { kernel, image }, directory }: Attempt,
  { identity }: ChildWatch,
  { readProvenance }: AttemptTools,
): Promise<readonly EngineRecord[]> {
  if (identity === undefined) return [];
  return [{ kernel, image, identity, provenance: await readProvenance(directory) }];
}

/** The error that says how a child ended without recorded results. */
function deathOf({ target }: Attempt, { exitCode, signal }: ChildEnd, { said }: ChildWatch): LabError {
  const how = signal === undefined ? `ended with exit code ${String(exitCode)}` : `was killed by ${signal}`;
  const details = said.join('\n');
  return new LabError(`the process that ran the jobs of ${target.name} ${how} and left no results`, {
    ...(details === '' ? {} : { details }),
    ...(signal === 'SIGKILL'
      ? { hint: 'if nobody killed it, the machine may have run out of memory (see `dmesg`): try --vms 1' }
      : {}),
  });
}

function withoutWord({ target }: Attempt): LabError {
  return new LabError(`the process that ran the jobs of ${target.name} ended in the middle of this one`);
}
