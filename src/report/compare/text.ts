import type { Paint } from '../colour.js';
import { count } from '../format.js';
import type { Change, ComparedCell, Comparison } from './compare.js';
import type { Difference } from './numbers.js';

const headings: Readonly<Record<Exclude<Change, 'same'>, string>> = {
  worse: 'worse:',
  better: 'better:',
  unclear: 'cannot be told, being undecided now:',
  changed: 'the same result in another way:',
};

const kinds = ['worse', 'better', 'unclear', 'changed'] as const;

/** A comparison for people: what was not the same to begin with, what changed and how, what is in one set only, and the counts. */
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
    ...kinds.flatMap((kind) => changesText(cells, kind, paint)),
    ...(verbose ? sameText(cells) : []),
    ...onlyText('only in the first:', onlyInA),
    ...onlyText('only in the second:', onlyInB),
    countsText(cells),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function changesText(cells: readonly ComparedCell[], kind: (typeof kinds)[number], paint: Paint): string[] {
  const found = cells.filter(({ change }) => change === kind);
  if (found.length === 0) return [];
  const heading =
    kind === 'worse'
      ? paint.red(headings[kind])
      : kind === 'better'
        ? paint.green(headings[kind])
        : headings[kind];
  return [[heading, ...found.flatMap(cellLines)].join('\n')];
}

function cellLines(cell: ComparedCell): string[] {
  return [
    `  ${nameOf(cell)}`,
    `    ${seenText(cell.a)} -> ${seenText(cell.b)}`,
    ...cell.numbers.map((difference) => `      ${differenceText(difference)}`),
  ];
}

/** Cells that came to the same; their numbers differ a little from run to run. */
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

function nameOf({ scenario, cell }: Pick<ComparedCell, 'scenario' | 'cell'>): string {
  return cell === '' ? scenario : `${scenario} (${cell})`;
}

/** `pass: healthy`, and where it ran several times, `2 pass: healthy, 1 fail: close-blocked with silence`. */
function seenText(seen: Readonly<Record<string, number>>): string {
  const entries = Object.entries(seen);
  const [first] = entries;
  if (entries.length === 1 && first?.[1] === 1) return first[0];
  return entries.map(([what, times]) => `${times} ${what}`).join(', ');
}

function differenceText({ what, a, b }: Difference): string {
  return `${what}: ${String(a ?? 'none')} -> ${String(b ?? 'none')}`;
}

function countsText(cells: readonly ComparedCell[]): string {
  const of = (kind: Change) => cells.filter(({ change }) => change === kind).length;
  return `${count(cells.length, 'cell')} compared: ${of('worse')} worse, ${of('better')} better, ${of('unclear')} unclear, ${of('changed')} changed, ${of('same')} the same`;
}
