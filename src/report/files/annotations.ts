import path from 'node:path';
import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { cellText } from '../results/cellText.js';
import type { RunReport } from '../document/resultDocument.js';
import { serialiseError } from '../text/errorText.js';
import { countText } from '../text/countText.js';
import { resultOf, startedResults } from '../results/resultKind.js';
import { reasonLines, resultText } from '../results/resultText.js';
import { escapeControls } from '../text/controlCharacters.js';

/** How many errors of a step GitHub shows; it drops the rest silently. */
const mostShown = 10;
/** The most characters of a message. GitHub cuts longer ones; this stays below its limit even when all are escaped. */
const longest = 4000;

/**
 * GitHub workflow commands, one per line, that make an error annotation for each job that did not pass and for an error that ended the run
 * early. An annotation points at the scenario's file if that is inside `workspace`, the folder of the repository.
 */
export function annotationLines(
  { results, error }: RunReport,
  workspace: string | undefined,
): readonly string[] {
  const ran = startedResults(results);
  const problems = [
    ...(error === undefined ? [] : [earlyAnnotationLine(error)]),
    ...notRunAnnotationLines(results.length - ran.length),
    ...ran.filter((result) => resultOf(result) !== 'pass').map((result) => annotationLine(result, workspace)),
  ];
  if (problems.length <= mostShown) return problems;
  const left = problems.length - (mostShown - 1);
  return [
    ...problems.slice(0, mostShown - 1),
    command({ title: 'lvs-lab' }, `${String(left)} more jobs did not pass; the job summary lists them all`),
  ];
}

/** One annotation for all jobs that were not started, because one for each would leave no room for others. */
function notRunAnnotationLines(jobs: number): readonly string[] {
  if (jobs === 0) return [];
  const message = `${countText(jobs, 'job')} that was asked for was not run; the job summary lists them all`;
  return [
    command(
      { title: 'lvs-lab: not run' },
      jobs === 1 ? message : message.replace('was asked for was', 'were asked for were'),
    ),
  ];
}

function annotationLine(result: ScenarioResult, workspace: string | undefined): string {
  const where = cellText(result.cell);
  const title = `${resultOf(result).toUpperCase()}: ${result.job}${where === '' ? '' : ` (${where})`}`;
  const file = inWorkspace(result.file, workspace);
  const message = [resultText(result), ...reasonLines(result), `evidence: ${result.directory}`];
  return command({ title, ...(file === undefined ? {} : { file }) }, message.join('\n'));
}

function earlyAnnotationLine(error: unknown): string {
  const { message, details, hint } = serialiseError(error);
  const text = [message, details, hint].filter((part) => part !== undefined);
  return command({ title: 'lvs-lab: the run ended early' }, text.join('\n'));
}

/** A file's path relative to the workspace, by which GitHub finds it in the repository; undefined: it is not in there. */
function inWorkspace(file: string | undefined, workspace: string | undefined): string | undefined {
  if (file === undefined || workspace === undefined || workspace === '') return undefined;
  const relative = path.relative(workspace, file);
  return relative.startsWith('..') || path.isAbsolute(relative) ? undefined : relative;
}

function command(properties: Readonly<Record<string, string>>, message: string): string {
  const listed = Object.entries(properties).map(([name, value]) => `${name}=${escapedProperty(value)}`);
  const shown = message.length > longest ? `${message.slice(0, longest)} ...` : message;
  return `::error ${listed.join(',')}::${escaped(shown)}`;
}

/** Escapes a message as GitHub's own toolkit does; only line ends would end it. Other control characters are written out. */
function escaped(text: string): string {
  return escapeControls(text).replaceAll('%', '%25').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
