import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { UsageError } from '../../support/errors.js';

/** A file that a report goes into, and the option or variable that named it. */
export interface ReportPlace {
  readonly option: string;
  /** An absolute path. */
  readonly file: string;
}

/** What a command writes beside its reports, and what it reads: no report may take the place of either. */
export interface Surroundings {
  /** The directory that the command writes its own files into, as an absolute path. */
  readonly directory: string;
  /** Names of files in the directory that are the command's own. */
  readonly files: readonly string[];
  /** Names of folders in the directory that are the command's own; each may have others beside it, with `.2` and so on behind the name. */
  readonly folders: readonly string[];
  /** Files that the command reads, and folders of which it reads everything, as absolute paths. */
  readonly inputs: readonly string[];
}

/** The same where the directory is only the folder of the one that is going to be made, under a name that nobody knows yet. */
export function unnamed(surroundings: Surroundings): Surroundings {
  return { ...surroundings, files: [], folders: [] };
}

const hint = 'give each a file of its own; what is in a report is also in the results.json of the run';

/**
 * Throws UsageError, before anything runs, when two reports would go into one file, or a report would replace something that the command
 * writes itself or reads.
 */
export async function refuseTakenPlaces(
  reports: readonly ReportPlace[],
  { directory, files, folders, inputs }: Surroundings,
): Promise<void> {
  const places = await Promise.all(
    reports
      .filter(({ file }) => file !== '/dev/null')
      .map(async (report) => ({ ...report, real: await realPlace(report.file) })),
  );
  for (const [index, { option, file, real }] of places.entries()) {
    const other = places.slice(0, index).find((one) => isBelow(one.real, real) || isBelow(real, one.real));
    if (other !== undefined) {
      throw new UsageError(
        `expected ${other.option} and ${option} to name two files, found that both would write to ${file}`,
        { hint },
      );
    }
  }
  const own = await realPlace(directory);
  const read = await Promise.all(inputs.map(realPlace));
  for (const { option, file, real } of places) {
    if (read.some((input) => isBelow(real, input))) {
      throw new UsageError(`expected ${option} to name a file of its own, found one that is read: ${file}`, {
        hint,
      });
    }
    const [first = ''] = relative(own, real).split(sep);
    const isOwn =
      isBelow(own, real) ||
      (isBelow(real, own) &&
        (files.includes(first) ||
          folders.includes(first.replace(/\.\d+(?:\.jobs\.json)?$|\.jobs\.json$/, ''))));
    if (!isOwn) continue;
    throw new UsageError(
      `expected ${option} to name a file of its own, found one that is written with the evidence: ${file}`,
      { hint },
    );
  }
}

/** Whether a path is that of a file or folder itself, or of something in it. */
function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}

/** A path without symbolic links, as far as it exists. */
async function realPlace(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined) return real;
  const above = dirname(path);
  return above === path ? path : join(await realPlace(above), basename(path));
}
