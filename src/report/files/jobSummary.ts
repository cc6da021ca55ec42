import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { expectationText } from '../../verdict/model/expectationText.js';
import { byCell } from '../results/byCell.js';
import type { RunReport } from '../document/resultDocument.js';
import { engineText } from '../phrases/engineText.js';
import { serialiseError } from '../text/errorText.js';
import { countText } from '../text/countText.js';
import { findingText } from '../results/findingText.js';
import { resultOf, startedResults } from '../results/resultKind.js';
import { expectationLabel } from '../results/expectationLabel.js';
import { reasonLines, resultText } from '../results/resultText.js';
import { resultCountsText } from '../console/summary.js';
import { durationText } from '../../support/duration.js';
import { markdownTable } from '../text/markdownTable.js';

/** The most bytes of a summary. GitHub refuses one of more than 1 MiB as a whole, and several runs may share it. */
const mostBytes = 250_000;
const cut = '_Cut here: there is more than a job summary may hold; the whole of it is in results.json._\n\n';

const marks = {
  pass: '✅ pass',
  fail: '❌ fail',
  inconclusive: '❔ inconclusive',
  refused: '⛔ refused',
  broke: '💥 broke',
  'not-run': '⏹️ not run',
} as const;

/** All results as Markdown: the counts, a table per cell, and why each job did not pass that did not. */
export function jobSummaryText(ended: RunReport): string {
  const { results, engines = [], error, mutated = false, seed } = ended;
  const notPassed = startedResults(results).filter((result) => resultOf(result) !== 'pass');
  const notRun = results.filter((result) => resultOf(result) === 'not-run');
  const blocks = [
    `### lvs-lab: ${resultCountsText(results)}`,
    ...(error === undefined ? [] : [`**The run ended early:** ${plain(serialiseError(error).message)}`]),
    ...(mutated ? ['The scenarios were mutated: `fail` is what was hoped for.'] : []),
    ...engines.map(({ identity }) => `- ${plain(engineText(identity))}`),
    ...(seed === undefined ? [] : [`Order shuffled with the seed ${plain(seed)}.`]),
    ...byCell(results).flatMap(({ name, results: ofCell }) => [
      ...(name === '' ? [] : [`#### ${plain(name)}`]),
      tableOf(ofCell),
    ]),
    ...notPassed.map(detailsText),
    ...(notRun.length === 0 ? [] : [notRunDetailsText(notRun)]),
  ];
  return shortened(blocks.map((block) => `${block}\n\n`));
}

function tableOf(results: readonly ScenarioResult[]): string {
  const rows = results.map((result) => {
    const { verdict } = result;
    return [
      [marks[resultOf(result)], expectationLabel(result) ?? []].flat().join(': '),
      plain(result.job),
      verdict === undefined ? '-' : plain(expectationText(verdict.expected)),
      verdict === undefined ? '-' : plain(findingText(verdict.measured)),
      durationText(result.seconds),
    ];
  });
  return markdownTable(['result', 'scenario', 'expected', 'seen', 'time'], rows);
}

/** A text on all jobs that were not started: each reason once, with its jobs. */
function notRunDetailsText(results: readonly ScenarioResult[]): string {
  const reasons = [...new Set(results.map(resultText))];
  const lines = reasons.map((reason) => {
    const jobs = results.filter((result) => resultText(result) === reason).map(({ job }) => plain(job));
    return `- ${plain(reason)}: ${jobs.join(', ')}`;
  });
  return [
    `<details><summary>${marks['not-run']}: ${countText(results.length, 'job')}</summary>`,
    '',
    ...lines,
    '',
    '</details>',
  ].join('\n');
}

function detailsText(result: ScenarioResult): string {
  const lines = [...reasonLines(result), `evidence: ${result.directory}`];
  return [
    `<details><summary>${marks[resultOf(result)]}: ${plain(result.job)}: ${plain(resultText(result))}</summary>`,
    '',
    ...lines.map((line) => `- ${plain(line)}`),
    '',
    '</details>',
  ].join('\n');
}

/** A text on one line that means nothing to Markdown or HTML, because the output of a test must not become part of the page. */
function plain(text: string): string {
  return text
    .replaceAll(/[\u0000-\u001f\u007f]+/g, ' ')
    .trim()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/^-|[\\`*_{}[\]()#+!|~@$]/g, (character) => `&#${String(character.charCodeAt(0))};`);
}

/** As many whole blocks as fit, because half a table or an open tag would spoil what follows. */
function shortened(blocks: readonly string[]): string {
  let bytes = 0;
  const kept = blocks.filter((block) => {
    bytes += Buffer.byteLength(block);
    return bytes <= mostBytes;
  });
  return kept.join('') + (kept.length === blocks.length ? '' : cut);
}
