import type { Paint } from '../text/colour.js';
import { countText } from '../text/countText.js';
import {
  changes,
  type AsExpected,
  type Change,
  type ComparedCell,
  type Comparison,
  type Criterion,
  type CellName,
} from './compareResults.js';
import { fitText } from '../text/wrap.js';
import type { Difference } from './numberDifferences.js';

/** The words for each change, by the yardstick: for the counts and, with a colon, above the cells. */
const words: Readonly<Record<Criterion, Readonly<Record<Change, string>>>> = {
  healthy: {
    worse: 'further from healthy',
    better: 'closer to healthy',
    unclear: 'not comparable',
    changed: 'as far from healthy in another way',
    same: 'the same',
  },
  expected: {
    worse: 'worse: not as the file expects any more',
    better: 'better: as the file expects now',
    unclear: 'not comparable',
    changed: 'the same result in another way',
    same: 'the same',
  },
};

const kinds = changes.filter((change) => change !== 'same');

/** A comparison for people: differences in conditions, the cells that changed, cells in one set only, and the counts. */
export function comparisonText(
  comparison: Comparison,
  paint: Paint,
  { verbose = false }: { readonly verbose?: boolean } = {},
): string {
  const { a, b, conditions, cells, onlyInA, onlyInB } = comparison;
  const blocks = [
    [`from ${a.directory}`, `to   ${b.directory}`].join('\n'),
    ...[a, b].flatMap(({ directory, error }) =>
      error === undefined
        ? []
        : [`${paint.yellow('not complete:')} ${directory} ended early: ${error.message}`],
    ),
    conditions.length === 0
      ? 'nothing is known to differ in what they ran on'
      : [
          'not the same in what they ran on:',
          ...conditions.map((difference) => `  ${differenceText(difference)}`),
        ].join('\n'),
    ...kinds.flatMap((kind) => changesText(comparison, kind, paint)),
    ...(verbose ? sameText(cells) : []),
    ...onlyText('only in the first:', onlyInA),
    ...onlyText('only in the second:', onlyInB),
    countsText(comparison),
  ];
  return fitText(`${blocks.join('\n\n')}\n`, paint.columns);
}

function changesText({ cells, better }: Comparison, kind: (typeof kinds)[number], paint: Paint): string[] {
  const found = cells.filter(({ change }) => change === kind);
  if (found.length === 0) return [];
  const colour = { worse: paint.red, better: paint.green, unclear: paint.yellow, changed: undefined }[kind];
  const heading = `${words[better][kind]}:`;
  return [[colour === undefined ? heading : colour(heading), ...found.flatMap(cellLines)].join('\n')];
}

function cellLines(cell: ComparedCell): string[] {
  return [
    `  ${nameOf(cell)}`,
    `    ${seenText(cell.a)} -> ${seenText(cell.b)}`,
    ...expectedLine(cell),
    ...cell.numbers.map((difference) => `      ${differenceText(difference)}`),
  ];
}

/** A line that says that the results agree with their file in one set only. That is another question than whether they are better. */
function expectedLine({ asExpected: { a, b } }: ComparedCell): string[] {
  return a === b ? [] : [`    as its file expects: ${yesNoText(a)} -> ${yesNoText(b)}`];
}

function yesNoText(answer: AsExpected): string {
  return answer === undefined ? 'undecided' : answer ? 'yes' : 'no';
}

/** The cells that came to the same, with numbers that differ: these change a little from run to run. */
function sameText(cells: readonly ComparedCell[]): string[] {
  const same = cells.filter(({ change }) => change === 'same');
  if (same.length === 0) return [];
  const lines = same.flatMap((cell) => [
    `  ${nameOf(cell)}: ${seenText(cell.b)}`,
    ...cell.numbers.map((difference) => `      ${differenceText(difference)}`),
  ]);
  return [['the same:', ...lines].join('\n')];
}

function onlyText(heading: string, cells: Comparison['onlyInA']): string[] {
  return cells.length === 0 ? [] : [[heading, ...cells.map((cell) => `  ${nameOf(cell)}`)].join('\n')];
}

function nameOf({ scenario, cell }: CellName): string {
  return cell === '' ? scenario : `${scenario} (${cell})`;
}

/** What was seen: `healthy`, or for several runs `2 healthy, 1 close-blocked with silence`. */
function seenText(seen: Readonly<Record<string, number>>): string {
  const entries = Object.entries(seen);
  const [first] = entries;
  if (entries.length === 1 && first?.[1] === 1) return first[0];
  return entries.map(([what, times]) => `${times} ${what}`).join(', ');
}

function differenceText({ what, a, b }: Difference): string {
  return `${what}: ${String(a ?? 'none')} -> ${String(b ?? 'none')}`;
}

function countsText({ cells, better }: Comparison): string {
  const of = (kind: Change) => cells.filter(({ change }) => change === kind).length;
  const expected = (side: 'a' | 'b') => cells.filter(({ asExpected }) => asExpected[side] === true).length;
  // In another order than the blocks above: good news first.
  const counts = (['better', 'worse', 'same', 'changed', 'unclear'] as const satisfies readonly Change[]).map(
    (kind) => `${String(of(kind))} ${words[better][kind].replace(/:.*/, '')}`,
  );
  return [
    `${countText(cells.length, 'cell')} compared: ${counts.join(', ')}`,
    `as their files expect: ${String(expected('a'))} in the first, ${String(expected('b'))} in the second`,
  ].join('\n');
}
