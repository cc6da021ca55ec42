import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { askedFile } from '../../matrix/targets/askedRecord.js';
import { matrixFile } from '../../matrix/targets/matrixRecord.js';
import { provenanceFile } from '../../run/lab/provenanceRecord.js';
import { schemaFile } from '../../scenario/file/jsonSchema.js';
import { LabError, UsageError, messageOf } from '../../support/errors.js';
import { makeFolder } from '../../support/files/makeFolder.js';
import { pageFile } from '../../report/html/pageFile.js';
import { resultsFile } from './resultsFile.js';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A run's id: 8 characters of base32, four of the time in seconds and four random ones, so that two runs do not share one. */
export function makeRunId(now: Date = new Date(), random: Buffer = randomBytes(4)): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const time = [15, 10, 5, 0].map((shift) => Math.floor(seconds / 2 ** shift) % 32);
  return [...time, ...random.subarray(0, 4)].map((value) => alphabet[value % 32]).join('');
}

/** The folder below the working directory that takes the directories of runs for which none was named. */
export const defaultPlace = 'runs';

/** Names of the files that a run or `merge` writes into its directory. */
export const runFiles: readonly string[] = [
  ...[askedFile, matrixFile, resultsFile, provenanceFile],
  ...['run.json', 'console.log', schemaFile, pageFile],
];

/**
 * Makes the folder for a run's evidence and returns its absolute path: `out`, which must not hold anything yet, or
 * `runs/DATE-TIME-ID` below `cwd`. Throws UsageError when something is there already, LabError when it cannot be made.
 */
export async function makeRunDirectory(place: {
  readonly cwd: string;
  readonly runId: string;
  readonly out: string | undefined;
  readonly now?: Date;
}): Promise<string> {
  const { cwd, runId, out, now = new Date() } = place;
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-');
  const directory = out === undefined ? join(cwd, defaultPlace, `${stamp}-${runId}`) : resolve(cwd, out);
  await refuseUsedDirectory(directory);
  try {
    await makeFolder(directory);
  } catch (cause) {
    throw new LabError(`could not make the run directory ${directory}: ${messageOf(cause)}`, {
      cause,
      hint: 'choose another place with --out DIR',
    });
  }
  return directory;
}

/** Throws UsageError when something is in the folder that `--out` (or another option) names, or in its way, or it can be none. */
export async function refuseUsedDirectory(directory: string, option = '--out'): Promise<void> {
  const hint = 'name a new folder: evidence of an earlier run is never overwritten';
  const [found] = await readdir(directory).catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT') return [];
    const problem =
      code === 'ENOTDIR'
        ? `a file in the way of ${directory}`
        : `that ${directory} can be none: ${messageOf(cause)}`;
    throw new UsageError(`expected ${option} to name a folder, found ${problem}`, { hint, cause });
  });
  if (found === undefined) return;
  throw new UsageError(
    `expected ${option} to name an empty or a new folder, found ${directory} with ${found} in it`,
    { hint },
  );
}
