import { dirname, isAbsolute, join, resolve } from 'node:path';
import { pageFile } from '../../../report/html/pageFile.js';
import type { Comparison } from '../../../report/compare/compareResults.js';
import type { RunReport } from '../../../report/document/resultDocument.js';
import { LabError, messageOf } from '../../../support/errors.js';
import { makeFolder } from '../../../support/files/makeFolder.js';
import { refuseUnwritable, writeOutputFile } from '../../../support/files/outputFile.js';
import { refuseTakenPlaces } from './reportPlaces.js';

/** Writes the page of a run, of merged runs or of a judgement to a file. Throws LabError when it cannot be written there. */
export async function writePage(report: RunReport, file: string): Promise<void> {
  // What makes the page also reads evidence; other commands do not have to wait until that is loaded.
  const { runPageText } = await import('../../../report/html/runPage.js');
  await write(file, await runPageText(report, dirname(file)), 'make it with `lvs-lab report RUNDIR`');
}

/** Writes the page of a comparison to a file. Throws LabError when it cannot be written there. */
export async function writeComparisonPage(comparison: Comparison, file: string): Promise<void> {
  const { comparisonPageText } = await import('../../../report/html/comparisonPage.js');
  await write(file, await comparisonPageText(comparison), 'compare again');
}

async function write(file: string, text: string, next: string): Promise<void> {
  try {
    await makeFolder(dirname(file));
    await writeOutputFile(file, text);
  } catch (cause) {
    throw new LabError(`could not write the page to ${file}: ${messageOf(cause)}`, {
      cause,
      hint: `see to room and rights there, and ${next}`,
    });
  }
}

/** The file of the page in a run's directory. */
export function pageIn(directory: string): string {
  return join(directory, pageFile);
}

/** A page that was asked for: the option, the path that it named, and the paths of the files that the page is made from, which it must not replace. */
export interface AskedPage {
  readonly option: string;
  readonly named: string;
  readonly cwd: string;
  readonly inputs: readonly string[];
}

/** The absolute path of a page that was asked for. Throws UsageError when it cannot be written there, or would take the place of evidence. */
export async function placeOfPage({ option, named, cwd, inputs }: AskedPage): Promise<string> {
  // Not resolved yet, which would lose the slash behind a folder's name.
  await refuseUnwritable(isAbsolute(named) ? named : join(cwd, named), { option, streams: 'refused' });
  const file = resolve(cwd, named);
  await refuseTakenPlaces([{ option, file }], { directory: dirname(file), files: [], folders: [], inputs });
  return file;
}
