import type { ScenarioResult } from '../../run/model/scenarioResult.js';
import { ExitCode } from '../../support/errors.js';
import type { RecordedResults } from '../document/parseResults.js';
import type { SerialisedError } from '../text/errorText.js';
import { findingText } from '../results/findingText.js';
import { resultOf, type ResultKind } from '../results/resultKind.js';
import { pairs, type Pair } from './cells.js';
import { conditionDifferences } from './conditionDifferences.js';
import { distanceFromHealthy } from './outcomeSeverity.js';
import { numberDifferences, type Difference } from './numberDifferences.js';

/** What counts as better: an outcome closer to healthy, whatever the file expects, or the outcome that the file expects. */
export const criteria = ['healthy', 'expected'] as const;
export type Criterion = (typeof criteria)[number];

/**
 * What became of a cell, from the first set to the second, by the yardstick.
 *
 * - `worse`: further from healthy, or not as the file expects any more.
 * - `better`: closer to healthy, or as the file expects now.
 * - `unclear`: it cannot be compared, being undecided in one of them: inconclusive, the file was refused, the lab broke, or the job did not run.
 * - `changed`: neither, and not the same either: another signal, or not as often.
 */
export const changes = ['worse', 'better', 'unclear', 'changed', 'same'] as const;
export type Change = (typeof changes)[number];

/** Whether every run of a cell came out as its file expects; undefined: undecided. */
export type AsExpected = boolean | undefined;

export interface ComparedCell {
  readonly scenario: string;
  /** What tells the cell from others, such as `kernel debian:sid, iptables legacy`; empty when nothing does. */
  readonly cell: string;
  readonly change: Change;
  /** What was seen in each set, and how often: `close-blocked with silence`. */
  readonly a: Readonly<Record<string, number>>;
  readonly b: Readonly<Record<string, number>>;
  readonly asExpected: { readonly a: AsExpected; readonly b: AsExpected };
  /** Numbers of the measured phase that differ; empty when the scenario ran several times. */
  readonly numbers: readonly Difference<number>[];
}

/** One of the two result sets. */
interface Side {
  readonly directory: string;
  readonly runId?: string;
  /** The error that ended the run early, so that results may be missing. */
  readonly error?: SerialisedError;
}

/** The JSON that `compare --json` prints. */
export interface Comparison {
  /** The version. In version 1, changes were by what files expect, and cells also named the result. */
  readonly schema: 2;
  readonly better: Criterion;
  readonly a: Side;
  readonly b: Side;
  /** Differences in what the two sets ran on. */
  readonly conditions: readonly Difference[];
  /** The cells that are in both sets. */
  readonly cells: readonly ComparedCell[];
  readonly onlyInA: readonly CellName[];
  readonly onlyInB: readonly CellName[];
  readonly exitCode: ExitCode;
}

export type CellName = Pick<ComparedCell, 'scenario' | 'cell'>;

/** Compares two result sets; the first is the measure for the second. */
export function compareResults(
  a: RecordedResults,
  b: RecordedResults,
  better: Criterion = 'healthy',
): Comparison {
  const all = pairs(a.results, b.results);
  const both = all.filter((pair) => pair.a.length > 0 && pair.b.length > 0);
  const onlyIn = (other: 'a' | 'b') =>
    all.filter((pair) => pair[other].length === 0).map(({ scenario, cell }) => ({ scenario, cell }));
  const cells = both.map((pair) => compared(pair, better));
  return {
    schema: 2,
    better,
    a: sideOf(a),
    b: sideOf(b),
    conditions: conditionDifferences(a, b, both),
    cells,
    onlyInA: onlyIn('b'),
    onlyInB: onlyIn('a'),
    exitCode: exitCodeFor(cells),
  };
}

function sideOf({ directory, document: { runId, error } }: RecordedResults): Side {
  return {
    directory,
    ...(runId === undefined ? {} : { runId }),
    ...(error === undefined ? {} : { error }),
  };
}

function compared({ scenario, cell, a, b }: Pair, better: Criterion): ComparedCell {
  const [one, other] = [seenIn(a), seenIn(b)];
  const [first, second] = [a[0], b[0]];
  const isSingle = a.length === 1 && b.length === 1 && first !== undefined && second !== undefined;
  return {
    scenario,
    cell,
    change: changeOf(a.map(rankBy[better]), b.map(rankBy[better]), hasSameCounts(one, other)),
    a: one,
    b: other,
    asExpected: { a: asExpected(a), b: asExpected(b) },
    numbers: isSingle ? numberDifferences(first, second) : [],
  };
}

/** How bad a result is, higher being worse; undefined: undecided. */
type Rank = number | undefined;

const expectedRanks: Readonly<Record<ResultKind, Rank>> = {
  pass: 0,
  fail: 1,
  inconclusive: undefined,
  refused: undefined,
  broke: undefined,
  'not-run': undefined,
};

const rankBy: Readonly<Record<Criterion, (result: ScenarioResult) => Rank>> = {
  expected: (result) => expectedRanks[resultOf(result)],
  healthy: ({ verdict }) => {
    const outcome = verdict?.result === 'inconclusive' ? undefined : verdict?.measured?.outcome;
    return outcome === undefined ? undefined : distanceFromHealthy(outcome);
  },
};

/**
 * How a cell changed. Several runs of a scenario count as the worst of them. A cell that is certainly worse is so even if other runs are
 * undecided.
 */
function changeOf(a: readonly Rank[], b: readonly Rank[], isSame: boolean): Change {
  const [before, now] = [a, b].map((ranks) => ranks.filter((rank) => rank !== undefined)) as [
    number[],
    number[],
  ];
  const [worstBefore, worstNow] = [Math.max(...before), Math.max(...now)];
  const isDecided = (ranks: readonly Rank[]) => !ranks.includes(undefined);
  if (isDecided(a) && worstNow > worstBefore) return 'worse';
  if (!isDecided(a) || !isDecided(b)) return 'unclear';
  if (worstNow < worstBefore) return 'better';
  return isSame ? 'same' : 'changed';
}

function asExpected(results: readonly ScenarioResult[]): AsExpected {
  const kinds = results.map(resultOf);
  if (kinds.includes('fail')) return false;
  return kinds.every((kind) => kind === 'pass') ? true : undefined;
}

function seenIn(results: readonly ScenarioResult[]): Readonly<Record<string, number>> {
  const seen: Record<string, number> = {};
  for (const result of results) {
    const what = seenText(result);
    seen[what] = (seen[what] ?? 0) + 1;
  }
  return seen;
}

/** The outcome in words, or why there is none. */
function seenText(result: ScenarioResult): string {
  const kind = resultOf(result);
  if (kind === 'refused' || kind === 'broke' || kind === 'not-run') return kind.replace('-', ' ');
  const seen = findingText(result.verdict?.measured);
  return kind === 'inconclusive' ? `inconclusive: ${seen}` : seen;
}

/** Whether both sets saw the same things equally often. */
function hasSameCounts(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((what) => a[what] === b[what]);
}

function exitCodeFor(cells: readonly ComparedCell[]): ExitCode {
  const has = (change: Change) => cells.some((cell) => cell.change === change);
  if (has('worse')) return ExitCode.verdictFailed;
  return has('unclear') ? ExitCode.inconclusive : ExitCode.ok;
}
