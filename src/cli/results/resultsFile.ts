import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseResults, type RecordedResults } from '../../report/document/parseResults.js';
import type { ResultDocument } from '../../report/document/documentSchema.js';
import { runFile } from '../../run/model/runRecord.js';
import { LabError, UsageError, messageOf } from '../../support/errors.js';
import { writeOutputFile } from '../../support/files/outputFile.js';
import { readRegularText } from '../../support/files/readRegular.js';
import { largestDocument } from './largestDocument.js';

/** The name of the file in a run's directory. */
export const resultsFile = 'results.json';

const hint = 'name a directory that `lvs-lab run` or `lvs-lab merge` made, or a results.json';

/**
 * Reads recorded results. `path`, absolute, is a results.json, or a directory that has one. Throws UsageError saying what is there
 * instead.
 */
export async function readResults(path: string): Promise<RecordedResults> {
  const file = await fileAt(path);
  const text = await readRegularText(file, largestDocument).catch((cause: unknown) => {
    throw new UsageError(
      `expected recorded results, found that ${file} cannot be read: ${messageOf(cause)}`,
      {
        cause,
        hint,
      },
    );
  });
  return parseResults(text, file, dirname(file));
}

/**
 * Reads the results in a run's directory for a caller that can do without. Undefined when there are none yet, or when they are damaged,
 * which the user is told.
 */
export async function readSoundResults(
  directory: string,
  tell: (text: string) => void,
): Promise<RecordedResults | undefined> {
  const names: readonly string[] = await readdir(directory).catch(() => []);
  if (!names.includes(resultsFile)) return undefined;
  return readResults(directory).catch((error: unknown) => {
    const details = error instanceof LabError && error.details !== undefined ? `; ${error.details}` : '';
    tell(`note: left out: ${messageOf(error)}${details.replaceAll('\n', '; ')}\n`);
    return undefined;
  });
}

/** Writes results.json into a run's directory. Throws LabError when it cannot. */
export async function writeResults(directory: string, document: ResultDocument): Promise<void> {
  const file = join(directory, resultsFile);
  try {
    await writeOutputFile(file, `${JSON.stringify(document, null, 2)}\n`);
  } catch (cause) {
    throw new LabError(`could not write the results to ${file}: ${messageOf(cause)}`, {
      cause,
      hint: 'see to room and rights there, or name another place with --out DIR',
    });
  }
}

async function fileAt(path: string): Promise<string> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new UsageError(
      `expected recorded results in ${path}, found that it cannot be read: ${messageOf(cause)}`,
      {
        cause,
        hint,
      },
    );
  });
  if (!found.isDirectory()) return path;
  const names = await readdir(path);
  if (names.includes(resultsFile)) return join(path, resultsFile);
  throw new UsageError(`expected a ${resultsFile} in ${path}, found ${described(names)}`, {
    hint: names.includes(runFile)
      ? `${basename(path)} is a run that is not over, or was killed: judge what it has with \`lvs-lab judge\``
      : hint,
  });
}

function described(names: readonly string[]): string {
  if (names.length === 0) return 'an empty folder';
  return `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${String(names.length - 5)} more` : ''}`;
}
