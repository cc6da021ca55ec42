import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { expectationText } from '../../verdict/model/expectationText.js';
import { cellText } from '../results/cellText.js';
import type { Paint } from '../text/colour.js';
import { countText } from '../text/countText.js';
import { findingText } from '../results/findingText.js';
import { repeatsTable, stabilityText } from './repeats.js';
import { rareKinds, resultOf, type ResultKind } from '../results/resultKind.js';
import { resultLabel } from '../results/resultLabel.js';
import { resultText } from '../results/resultText.js';
import { seedText } from '../phrases/seedText.js';
import { paintedExpectationLabel } from '../results/expectationLabel.js';
import { table } from '../text/textTable.js';
import { fitText } from '../text/wrap.js';
import { durationText } from '../../support/duration.js';

/** Facts about the jobs that change what their results mean. */
export interface SummaryOptions {
  /** Whether the scenarios were mutated, so that `fail` is hoped for. */
  readonly mutated?: boolean;
  /** The seed that shuffled the order; undefined: it was not shuffled. */
  readonly seed?: string | undefined;
}

/** All results in a table, remarks on them, and the counts: `1 passed, 0 failed, 0 inconclusive, 0 broke`. */
export function summaryText(
  results: readonly ScenarioResult[],
  paint: Paint,
  { mutated = false, seed }: SummaryOptions = {},
): string {
  const repeated = results.some(({ repeat }) => repeat > 1);
  const blocks = [
    repeated ? repeatsTable(results, paint) : jobsTable(results, paint),
    ...(repeated ? [stabilityText(results)] : []),
    ...(mutated ? [mutationsText(results)] : []),
    ...notRunLines(results),
    ...(seed === undefined ? [] : [seedText(seed)]),
    resultCountsText(results),
  ];
  return fitText(`${blocks.join('\n\n')}\n`, paint.columns);
}

function jobsTable(results: readonly ScenarioResult[], paint: Paint): string {
  // Where nothing was asked for there is nothing to tell apart.
  const hasCells = results.some(({ cell }) => cellText(cell) !== '');
  const rows = results.map((result) => [
    [resultLabel(result, paint), paintedExpectationLabel(result, paint) ?? []].flat().join('  '),
    ...(hasCells ? [cellText(result.cell)] : []),
    result.job,
    result.verdict === undefined ? '-' : expectationText(result.verdict.expected),
    result.verdict === undefined ? '-' : findingText(result.verdict.measured),
    result.notRun === undefined ? durationText(result.seconds) : '-',
  ]);
  const head = ['result', ...(hasCells ? ['cell'] : []), 'scenario', 'expected', 'seen', 'time'];
  return table(head, rows, paint);
}

/** A line for each reason why jobs did not start, with their number. */
function notRunLines(results: readonly ScenarioResult[]): readonly string[] {
  const sentences = results.filter(({ notRun }) => notRun !== undefined).map(resultText);
  const lines = [...new Set(sentences)].map(
    (sentence) => `${countText(sentences.filter((each) => each === sentence).length, 'job')} ${sentence}`,
  );
  return lines.length === 0 ? [] : [lines.join('\n')];
}

/** Explains that a column of FAIL is good news after mutations, and lists the rows that are not. */
function mutationsText(results: readonly ScenarioResult[]): string {
  const unnoticed = results.filter((result) => resultOf(result) !== 'fail');
  const noticed = results.length - unnoticed.length;
  return [
    'These are mutations: something in each scenario was broken, or mended, on purpose, and `fail` is hoped for.',
    `${noticed} of ${results.length} came out as \`fail\`${unnoticed.length === 0 ? '.' : '; these did not:'}`,
    ...unnoticed.map((result) => `  ${result.job}: ${resultOf(result)}`),
  ].join('\n');
}

/** The counts: `1 passed, 0 failed, 0 inconclusive, 0 broke`, and if there are any, `, 1 refused, 3 not run`. */
export function resultCountsText(results: readonly ScenarioResult[]): string {
  const of = (kind: ResultKind) => results.filter((result) => resultOf(result) === kind).length;
  const ran = `${of('pass')} passed, ${of('fail')} failed, ${of('inconclusive')} inconclusive, ${of('broke')} broke`;
  const others = rareKinds.filter((kind) => of(kind) > 0);
  return [ran, ...others.map((kind) => `${String(of(kind))} ${kind.replace('-', ' ')}`)].join(', ');
}
