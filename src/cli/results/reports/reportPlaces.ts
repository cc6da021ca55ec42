import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { UsageError } from '../../../support/errors.js';
import { type FileIdentity, fileIdentity, keysBelow } from './fileIdentity.js';

/** A file that a report goes into, and the option or variable that named it. */
export interface ReportPlace {
  readonly option: string;
  /** An absolute path. */
  readonly file: string;
}

/** What a command writes beside its reports, and what it reads: no report may take the place of either. */
export interface OccupiedPaths {
  /** The directory that the command writes its own files into, as an absolute path. */
  readonly directory: string;
  /** Names of files in the directory that are the command's own. */
  readonly files: readonly string[];
  /** Names of folders in the directory that are the command's own; each may have others beside it, with `.2` and so on behind the name. */
  readonly folders: readonly string[];
  /** Files that the command reads, and folders of which it reads everything, as absolute paths. */
  readonly inputs: readonly string[];
}

/** The same for a run directory that has no name yet: only its parent folder is known, so nothing in it is taken. */
export function unnamed(surroundings: OccupiedPaths): OccupiedPaths {
  return { ...surroundings, files: [], folders: [] };
}

const hint = 'give each a file of its own; what is in a report is also in the results.json of the run';

/**
 * Throws UsageError, before anything runs, when two reports would go into one file, or a report would replace something that the command
 * writes itself or reads. `others` are what the command is told to write elsewhere, with which reports must not mix.
 */
export async function refuseTakenPlaces(
  reports: readonly ReportPlace[],
  surroundings: OccupiedPaths,
  others: readonly ReportPlace[] = [],
): Promise<void> {
  const places = await realPlaces(reports);
  refuseShared([...(await realPlaces(others)), ...places]);
  const { directory, inputs } = surroundings;
  const own = await realPlace(directory);
  const read = await Promise.all(inputs.map(realPlace));
  const ownPaths = (await readdir(own).catch(() => []))
    .map((name) => join(own, name))
    .filter((path) => isOwn(path, own, surroundings));
  const isLinked = linksAmong();
  for (const place of places) {
    const { option, file, real } = place;
    const found =
      read.some((input) => isBelow(real, input)) || (await isLinked(place, read))
        ? 'one that is read'
        : isOwn(real, own, surroundings) || (await isLinked(place, ownPaths))
          ? 'one that is written with the evidence'
          : undefined;
    if (found === undefined) continue;
    throw new UsageError(`expected ${option} to name a file of its own, found ${found}: ${file}`, { hint });
  }
}

type RealPlace = ReportPlace & { readonly real: string; readonly identity: FileIdentity | undefined };

function realPlaces(reports: readonly ReportPlace[]): Promise<readonly RealPlace[]> {
  const kept = reports.filter(({ file }) => file !== '/dev/null');
  return Promise.all(
    kept.map(async (report) => {
      const real = await realPlace(report.file);
      return { ...report, real, identity: await fileIdentity(real) };
    }),
  );
}

/**
 * Answers whether a report's file is, under another name, one of these files or in one of these folders: a report is written into the file that is
 * there. Folders are looked through only where a report's file has a further name.
 */
function linksAmong(): (place: RealPlace, paths: readonly string[]) => Promise<boolean> {
  const known = new Map<string, Promise<ReadonlySet<string>>>();
  return async ({ identity }, paths) => {
    if (identity === undefined || identity.names < 2n) return false;
    for (const path of paths) {
      const keys = known.get(path) ?? keysBelow(path);
      known.set(path, keys);
      if ((await keys).has(identity.key)) return true;
    }
    return false;
  };
}

function refuseShared(places: readonly RealPlace[]): void {
  for (const [index, { option, file, real, identity }] of places.entries()) {
    const other = places
      .slice(0, index)
      .find(
        (one) =>
          isBelow(one.real, real) ||
          isBelow(real, one.real) ||
          (identity !== undefined && one.identity?.key === identity.key),
      );
    if (other === undefined) continue;
    throw new UsageError(
      `expected ${other.option} and ${option} to go to two places, found that both would go to ${file}`,
      { hint },
    );
  }
}

/** Whether a path is the command's directory itself, one above it, or one that the command writes in it. */
function isOwn(real: string, own: string, { files, folders }: OccupiedPaths): boolean {
  if (isBelow(own, real)) return true;
  if (!isBelow(real, own)) return false;
  const [first = ''] = relative(own, real).split(sep);
  return (
    files.includes(first) || folders.includes(first.replace(/\.\d+(?:\.jobs\.json)?$|\.jobs\.json$/, ''))
  );
}

/** Whether a path is that of a file or folder itself, or of something in it. */
function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}

/** Other names of standard output. A pipe has no path that would tell. */
const otherStdout = /^\/(?:dev\/fd|proc\/self\/fd)\/1$/;

/** A path without symbolic links, as far as it exists. */
async function realPlace(named: string): Promise<string> {
  const path = otherStdout.test(named) ? '/dev/stdout' : named;
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined) return real;
  const above = dirname(path);
  return above === path ? path : join(await realPlace(above), basename(path));
}
