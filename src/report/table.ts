import Table from 'cli-table3';
import type { Paint } from './colour.js';
import { indent } from './format.js';
import { escapeForeign } from './shown.js';

const bare = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'].map(
    (part) => [part, ''],
  ),
);
const noLines = {
  ...bare,
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

export type Cell = string | number;

/** A table without lines, indented by two; numbers are aligned right. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[], paint: Paint): string {
  const numeric = head.map((_, column) => rows.every((row) => typeof row[column] === 'number'));
  const made = new Table({
    head: head.map((title) => paint.dim(title)),
    colAligns: numeric.map((right) => (right ? 'right' : 'left')),
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  made.push(...rows.map((row) => row.map((cell) => escapeForeign(String(cell)))));
  const lines = made
    .toString()
    // The library ends each colour once more, in a way of its own.
    .replaceAll(/\u001b\[\d+m/g, '')
    .split('\n')
    .map((line) => line.trimEnd());
  return indent(lines.join('\n'), 2);
}
