import { Option, type Command } from '@commander-js/extra-typings';
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { readAsked } from '../../../matrix/targets/askedRecord.js';
import type { RunReport } from '../../../report/document/resultDocument.js';
import { RecordedError, type RecordedResults } from '../../../report/document/parseResults.js';
import { pageFile } from '../../../report/html/pageFile.js';
import { exitCodeOf } from '../../../report/results/resultKind.js';
import type { ScenarioResult } from '../../../run/model/scenarioResult.js';
import { ExitCode } from '../../../support/errors.js';
import type { CommandAction } from '../../frame/commandAction.js';
import type { Context } from '../../frame/context.js';
import { judgeBelow } from '../../results/judgeBelow.js';
import { findScenarioDirectories, mergedParts } from '../../results/recordedScenarios.js';
import { readResults, readSoundResults, resultsFile } from '../../results/resultsFile.js';
import { pageIn, placeOfPage, writePage } from '../../results/reports/pages.js';

/** `report RUNDIR`: makes the page of recorded evidence anew. */
export function addReport(program: Command, context: Context, ending: CommandAction): void {
  program
    .command('report')
    .description(
      'make the page of recorded results anew: judges the evidence again, as `judge` does, and shows it',
    )
    .argument('<rundir>', "a directory of `run` or `merge`, one scenario's below it, or a results.json alone")
    .addOption(new Option('--out <file>', `where the page goes (default: ${pageFile} in the directory)`))
    .addOption(new Option('--open', 'open it in the browser of this desktop (xdg-open)'))
    .action(
      ending(async (rundir, { out, open }) => {
        const { io, services, print, tell } = context;
        const place = resolve(io.cwd, rundir);
        const isFile = await stat(place).then(
          (found) => found.isFile(),
          () => false,
        );
        const directory = isFile ? dirname(place) : place;
        const named = out ?? pageIn(directory);
        // Evidence is never overwritten; the page that lies beside it may be.
        const inputs = resolve(io.cwd, named) === pageIn(directory) ? [] : [directory];
        const file = await placeOfPage({ option: '--out', named, cwd: io.cwd, inputs });
        const report =
          isFile && basename(place) !== resultsFile
            ? await recordedAlone(place)
            : await reportOf(directory, tell);
        await writePage({ ...report, version: services.version }, file);
        print(`${file}\n`);
        if (open === true) await services.openInBrowser(file);
        return ExitCode.ok;
      }),
    );
}

type Report = Omit<RunReport, 'version'>;

/** What a directory's evidence is judged to be; of jobs whose folders are not there, what was recorded. */
async function reportOf(directory: string, tell: (text: string) => void): Promise<Report> {
  // Whoever judges the evidence tells what is wrong with the results.
  const recorded = await readSoundResults(directory, () => undefined);
  const isRecordAlone = recorded !== undefined && !(await hasEvidence(directory));
  const judged = isRecordAlone ? recorded : await judgeBelow(directory, { expect: undefined, tell });
  const results = judged.results.map((result) => completed(result, recorded));
  const engines = judged.engines ?? recorded?.engines;
  return { ...factsOf(recorded), results, engines, directory, exitCode: exitCodeOf(results) };
}

async function hasEvidence(directory: string): Promise<boolean> {
  if ((await readAsked(directory)) !== undefined) return true;
  if ((await mergedParts(directory)).length > 0) return true;
  return findScenarioDirectories(directory).then(
    () => true,
    () => false,
  );
}

/** A result as it was judged, with what only the record has of it. */
function completed(result: ScenarioResult, recorded: RecordedResults | undefined): ScenarioResult {
  const before = recorded?.results.find(
    ({ directory, job }) => directory === result.directory && job === result.job,
  );
  if (before === undefined) return { ...result, seconds: 0 };
  const isGone = result.notRun !== undefined && before.verdict !== undefined;
  return isGone ? before : { ...result, seconds: before.seconds };
}

/** Results whose evidence is elsewhere, or nowhere any more. */
async function recordedAlone(file: string): Promise<Report> {
  const recorded = await readResults(file);
  const { results, engines, directory, document } = recorded;
  return { ...factsOf(recorded), results, engines, directory, exitCode: document.exitCode };
}

/** What the record has of the run as a whole. */
function factsOf(recorded: RecordedResults | undefined): Partial<Report> {
  if (recorded === undefined) return {};
  const { runId, mutated, seed, error, exitCode } = recorded.document;
  const ended = error === undefined ? {} : { error: new RecordedError(error, exitCode) };
  return { runId, mutated, seed, ...ended };
}
