import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { RunReport } from '../../../report/document/resultDocument.js';
import { annotationLines } from '../../../report/files/annotations.js';
import { jobSummaryText } from '../../../report/files/jobSummary.js';
import { junitText } from '../../../report/files/junit.js';
import { escapeControls } from '../../../report/text/controlCharacters.js';
import { ktapText } from '../../../report/files/ktap.js';
import { LabError } from '../../../support/errors.js';
import { makeFolder } from '../../../support/files/makeFolder.js';
import { refuseUnwritable, writeOutputFile } from '../../../support/files/outputFile.js';
import type { Context } from '../../frame/context.js';
import type { Io } from '../../frame/io.js';
import type { ReportOptions } from '../../options/reportOptions.js';
import { refuseTakenPlaces, type ReportPlace, type OccupiedPaths } from './reportPlaces.js';

/** Throws UsageError, before anything runs, when a report cannot be written to the place that was asked for. */
export async function refuseReports({ io }: Context, options: ReportOptions): Promise<void> {
  for (const { option, file } of placesOf(io, options)) {
    await refuseUnwritable(file, { option, streams: 'taken' });
  }
}

/** Throws UsageError, before anything runs, when a report would take the place of something else. */
export async function refuseTakenReports(
  { io }: Context,
  options: ReportOptions & { readonly json?: boolean },
  surroundings: OccupiedPaths,
): Promise<void> {
  // The one document on standard output can be read only where nothing else is.
  const document = options.json === true ? [{ option: '--json', file: '/dev/stdout' }] : [];
  await refuseTakenPlaces(placesOf(io, options), surroundings, document);
}

function placesOf(io: Io, { junit, ktap }: ReportOptions): readonly ReportPlace[] {
  const named = { '--junit': junit, '--ktap': ktap, GITHUB_STEP_SUMMARY: summaryFile(io) };
  return Object.entries(named).flatMap(([option, file]) =>
    // Not resolved, which would lose the slash behind a folder's name.
    file === undefined ? [] : [{ option, file: isAbsolute(file) ? file : join(io.cwd, file) }],
  );
}

/**
 * Writes the reports asked for and, in a job of GitHub Actions, annotations and job summary. Throws LabError when a file that was asked for
 * cannot be written.
 */
export async function writeReports(
  context: Context,
  ended: RunReport,
  { junit, ktap }: ReportOptions,
): Promise<void> {
  const { cwd } = context.io;
  if (junit !== undefined) await write(resolve(cwd, junit), junitText(ended), '--junit');
  if (ktap !== undefined) await write(resolve(cwd, ktap), ktapText(ended), '--ktap');
  if (isOnGitHub(context.io)) await tellGitHub(context, ended);
}

async function write(file: string, text: string, option: string): Promise<void> {
  try {
    await makeFolder(dirname(file));
    await writeOutputFile(file, text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LabError(`could not write the report to ${file}: ${reason}`, {
      cause,
      hint: `name another file with ${option}`,
    });
  }
}

/**
 * Prints annotations for GitHub and writes its job summary. Failing to do so is no error, as nobody asked for them. Annotations go to
 * stderr, which the runner reads too, because stdout may have to be JSON only.
 */
async function tellGitHub({ io, tell, complain }: Context, ended: RunReport): Promise<void> {
  for (const line of annotationLines(ended, io.env['GITHUB_WORKSPACE'])) tell(`${line}\n`);
  const summary = summaryFile(io);
  if (summary === undefined) return;
  await writeOutputFile(summary, escapeControls(jobSummaryText(ended)), 'adding').catch((cause: unknown) => {
    complain(new LabError(`could not add to the job summary in ${summary}`, { cause }));
  });
}

const isOnGitHub = ({ env }: Io): boolean => env['GITHUB_ACTIONS'] === 'true';

/** The file of the job summary; undefined: GitHub wants none. */
function summaryFile(io: Io): string | undefined {
  const file = io.env['GITHUB_STEP_SUMMARY'];
  return isOnGitHub(io) && file !== '' ? file : undefined;
}
