import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Immutable } from '../../../../contracts/immutable.js';
import { resultOf, startedResults } from '../../../../report/results/resultKind.js';
import type { Job } from '../../../../run/model/jobs.js';
import type { ScenarioResult } from '../../../../run/model/scenarioResult.js';
import { LabError, UsageError } from '../../../../support/errors.js';
import { makeFolder } from '../../../../support/files/makeFolder.js';
import { writeOutputFile } from '../../../../support/files/outputFile.js';
import { readRegularText } from '../../../../support/files/readRegular.js';
import { parseJson } from '../../../../support/parseJson.js';
import type { Context } from '../../../frame/context.js';
import { largestDocument } from '../../../results/largestDocument.js';

const lastRunSchema = z.object({
  schema: z.literal(1),
  /** The run's directory, as an absolute path. */
  directory: z.string(),
  /** Scenarios that ran and did not pass every time; `file` is absolute. */
  notPassed: z.array(z.object({ id: z.string(), file: z.string() })),
});

/** What `--last-failed` reads: `runs/.last-run.json` below the working directory. */
export type LastRun = Immutable<z.infer<typeof lastRunSchema>>;

/** The file of the record, for runs from this working directory. */
export const lastRunFile = (cwd: string): string => join(cwd, 'runs', '.last-run.json');

/** The record of a run for `--last-failed`; undefined when no job has a result, because then the record of an earlier run says more. */
export function lastRunOf(
  directory: string,
  jobs: readonly Job[],
  results: readonly ScenarioResult[],
): LastRun | undefined {
  const ran = startedResults(results);
  if (ran.length === 0) return undefined;
  const notPassed = new Set(ran.filter((result) => resultOf(result) !== 'pass').map(({ job }) => job));
  const files = new Map(
    jobs.filter(({ name }) => notPassed.has(name)).map(({ scenario: { id, file } }) => [id, file]),
  );
  return { schema: 1, directory, notPassed: [...files].map(([id, file]) => ({ id, file })) };
}

/** Writes the record. Throws LabError when it cannot be written. */
export async function writeLastRun(cwd: string, lastRun: LastRun): Promise<void> {
  const file = lastRunFile(cwd);
  try {
    await makeFolder(dirname(file));
    await writeOutputFile(file, `${JSON.stringify(lastRun, null, 2)}\n`);
  } catch (cause) {
    throw new LabError(`could not record what did not pass, for --last-failed, in ${file}`, { cause });
  }
}

/** Reads the record. Throws UsageError when no run was recorded in this directory. */
export async function readLastRun(cwd: string): Promise<LastRun> {
  const file = lastRunFile(cwd);
  const text = await readRegularText(file, largestDocument).catch((cause: unknown) => {
    throw new UsageError(`expected a run to go by for --last-failed, found none recorded in ${file}`, {
      cause,
      hint: 'run scenarios from this folder first, or leave --last-failed out',
    });
  });
  const lastRun = parse(text);
  if (lastRun !== undefined) return lastRun;
  throw new UsageError(`expected ${file} to be what a run recorded, found something else`, {
    hint: 'remove the file, or leave --last-failed out',
  });
}

function parse(text: string): LastRun | undefined {
  try {
    return parseJson(lastRunSchema, text);
  } catch {
    return undefined;
  }
}

/**
 * Records what did not pass, for `--last-failed`; not for mutations, which are meant to fail. An error in writing it is shown, but does not
 * lose the results.
 */
export async function saveLastRun(
  { jobs, mutated }: { readonly jobs: readonly Job[]; readonly mutated: boolean },
  directory: string,
  { results }: { readonly results: readonly ScenarioResult[] },
  { io, complain }: Context,
): Promise<void> {
  const lastRun = mutated ? undefined : lastRunOf(directory, jobs, results);
  if (lastRun !== undefined) await writeLastRun(io.cwd, lastRun).catch(complain);
}
