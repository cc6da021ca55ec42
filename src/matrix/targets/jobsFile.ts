import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Job } from '../../run/model/jobs.js';
import { UsageError, messageOf } from '../../support/errors.js';
import { readRegularText } from '../../support/files/readRegular.js';
import { parseJson } from '../../support/parseJson.js';

/** The names of the jobs that a child process runs, in their order: what `--jobs FILE` reads. */
const jobListSchema = z.array(z.string()).readonly();

/** The largest list that is read, in bytes; it has a name per job. */
const largestList = 64 * 1024 ** 2;

/** Writes the list of a child's jobs. */
export async function writeJobList(file: string, jobs: readonly Pick<Job, 'name'>[]): Promise<void> {
  const names: z.infer<typeof jobListSchema> = jobs.map(({ name }) => name);
  await writeFile(file, `${JSON.stringify(names)}\n`);
}

/** Reads a list of jobs. Throws UsageError when it is none. */
export async function readJobList(file: string): Promise<readonly string[]> {
  try {
    return parseJson(jobListSchema, await readRegularText(file, largestList));
  } catch (cause) {
    throw new UsageError(`expected ${file} to be a list of jobs for --jobs: ${messageOf(cause)}`, {
      cause,
      hint: 'leave --jobs out: a matrix writes this list for the processes that it starts',
    });
  }
}
