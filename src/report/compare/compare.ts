import type { ScenarioResult } from '../../run/result.js';
import { ExitCode } from '../../support/errors.js';
import type { RecordedResults } from '../document/read.js';
import type { SerialisedError } from '../errors.js';
import { findingText } from '../outcomeText.js';
import { resultOf } from '../result.js';
import { pairs, type Pair } from './cells.js';
import { conditionDifferences } from './conditions.js';
import { numberDifferences, type Difference } from './numbers.js';

/**
 * What became of a cell, from the first set to the second.
 *
 * - `worse`: it failed, and did not before; or it is undecided, and passed before.
 * - `better`: it passes, and did not before.
 * - `unclear`: it is undecided (inconclusive, or the lab broke) and did not pass before, so nobody can tell.
 * - `changed`: the same result, with another outcome or signal, or not as often.
 */
export type Change = 'worse' | 'better' | 'unclear' | 'changed' | 'same';

export interface ComparedCell {
  readonly scenario: string;
  /** `kernel debian:sid, iptables legacy`: as far as it tells cells apart; empty where they all are one. */
  readonly cell: string;
  readonly change: Change;
  /** What it came to, each with how often: `fail: close-blocked with silence`. */
  readonly a: Readonly<Record<string, number>>;
  readonly b: Readonly<Record<string, number>>;
  /** Numbers of the measured phase that differ; empty where it ran several times. */
  readonly numbers: readonly Difference<number>[];
}

/** One of the two sets. */
interface Side {
  readonly directory: string;
  readonly runId?: string;
  /** Why not all of it may be there. */
  readonly error?: SerialisedError;
}

/** What `compare --json` prints. */
export interface Comparison {
  readonly schema: 1;
  readonly a: Side;
  readonly b: Side;
  /** In what the two did not run on the same. */
  readonly conditions: readonly Difference[];
  /** Those in both sets. */
  readonly cells: readonly ComparedCell[];
  readonly onlyInA: readonly Named[];
  readonly onlyInB: readonly Named[];
  readonly exitCode: ExitCode;
}

type Named = Pick<ComparedCell, 'scenario' | 'cell'>;

/** Compares two result sets, the first being what the second is measured by. */
export function compareResults(a: RecordedResults, b: RecordedResults): Comparison {
  const all = pairs(a.results, b.results);
  const both = all.filter((pair) => pair.a.length > 0 && pair.b.length > 0);
  const onlyIn = (other: 'a' | 'b') =>
    all.filter((pair) => pair[other].length === 0).map(({ scenario, cell }) => ({ scenario, cell }));
  const cells = both.map(compared);
  return {
    schema: 1,
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

function compared({ scenario, cell, a, b }: Pair): ComparedCell {
  const [one, other] = [seenIn(a), seenIn(b)];
  const [first, second] = [a[0], b[0]];
  const isSingle = a.length === 1 && b.length === 1 && first !== undefined && second !== undefined;
  return {
    scenario,
    cell,
    change: changeOf(rankOf(a), rankOf(b), sameCounts(one, other)),
    a: one,
    b: other,
    numbers: isSingle ? numberDifferences(first, second) : [],
  };
}

const ranks = { pass: 0, inconclusive: 1, broke: 1, 'not-run': 1, fail: 2 } as const;
type Rank = (typeof ranks)[keyof typeof ranks];

/** A scenario that ran several times is as good as the worst of them. */
function rankOf(results: readonly ScenarioResult[]): Rank {
  return results
    .map((result): Rank => ranks[resultOf(result)])
    .reduce((worst, rank) => (rank > worst ? rank : worst), 0);
}

function changeOf(a: Rank, b: Rank, isSame: boolean): Change {
  if (b > a) return 'worse';
  if (b === ranks.inconclusive) return 'unclear';
  if (b < a) return 'better';
  return isSame ? 'same' : 'changed';
}

function seenIn(results: readonly ScenarioResult[]): Readonly<Record<string, number>> {
  const seen: Record<string, number> = {};
  for (const result of results) {
    const { verdict } = result;
    const what =
      verdict?.measured === undefined
        ? resultOf(result)
        : `${resultOf(result)}: ${findingText(verdict.measured)}`;
    seen[what] = (seen[what] ?? 0) + 1;
  }
  return seen;
}

/** Whether both came to the same things, as often. */
function sameCounts(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((what) => a[what] === b[what]);
}

function exitCodeFor(cells: readonly ComparedCell[]): ExitCode {
  const has = (change: Change) => cells.some((cell) => cell.change === change);
  if (has('worse')) return ExitCode.verdictFailed;
  return has('unclear') ? ExitCode.inconclusive : ExitCode.ok;
}
