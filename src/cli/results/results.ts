import { resultsToDetail } from '../../report/results/detailLevel.js';
import { resultDocument, type RunReport } from '../../report/document/resultDocument.js';
import { provenanceText } from '../../report/listings/provenanceText.js';
import { summaryText } from '../../report/console/summary.js';
import { scenarioText } from '../../report/console/scenarioText.js';
import type { Context } from '../frame/context.js';
import type { ReportOptions } from '../options/reportOptions.js';
import { writeResults } from './resultsFile.js';
import { pageIn, writePage } from './reports/pages.js';
import { writeReports } from './reports/writeReports.js';

/** What is reported of one run, of several merged runs, or of a judgement. */
export interface Results extends Omit<RunReport, 'version'> {
  readonly json: boolean | undefined;
  /** Whether to show every result in full, however many there are. */
  readonly verbose: boolean | undefined;
  /** Whether these are a part of what another process reports as a whole, which then has the page. */
  readonly isPart?: boolean | undefined;
}

/**
 * Reports a run: writes results.json into its directory, prints the results, writes the reports asked for, and the page, whose path is the last
 * thing that is printed. Throws LabError when a file cannot be written, but does everything else first.
 */
export async function reportResults(context: Context, ended: Results, options: ReportOptions): Promise<void> {
  const told: RunReport = { ...ended, version: context.services.version };
  const failures: Error[] = [];
  const orFailure = (work: Promise<void>) =>
    work.catch((error: unknown) => void failures.push(error as Error));
  if (ended.directory !== undefined) await orFailure(writeResults(ended.directory, resultDocument(told)));
  printResults(context, ended);
  await orFailure(writeReports(context, told, options));
  if (ended.directory !== undefined && ended.results.length > 0 && ended.isPart !== true) {
    await orFailure(leavePage(context, told, pageIn(ended.directory), ended.json));
  }
  const [first, ...rest] = failures;
  for (const failure of rest) context.complain(failure);
  if (first !== undefined) throw first;
}

/** Writes the page into the run's directory. With --json standard output has the document, which names the directory, and nothing else. */
async function leavePage({ print }: Context, report: RunReport, file: string, json = false): Promise<void> {
  await writePage(report, file);
  if (!json) print(`report: ${file}\n`);
}

/** Prints results to stdout, as one JSON document or as text; an error that ended the run early goes to stderr as well. */
export function printResults(context: Context, ended: Results): void {
  const { paint, print, printJson, complain, debug, services } = context;
  const { results, engines = [], json, error, verbose = false, mutated = false, seed } = ended;
  if (json === true) printJson(resultDocument({ ...ended, version: services.version }));
  else if (results.length > 0) {
    const shown = resultsToDetail(results, { verbose, hoped: mutated ? 'fail' : 'pass' });
    for (const result of shown) print(`${scenarioText(result, paint, { debug, verbose })}\n`);
    if (verbose) for (const engine of engines) print(`${provenanceText(engine)}\n`);
    print(summaryText(results, paint, { mutated, seed }));
  }
  if (error !== undefined) complain(error);
}
