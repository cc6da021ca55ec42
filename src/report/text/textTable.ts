import Table from 'cli-table3';
import type { Paint } from './colour.js';
import { columnWidths } from './columnWidths.js';
import { indent } from './countText.js';
import { escapeForeign } from './controlCharacters.js';
import { wrapWords } from './wrap.js';

const bare = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'].map(
    (part) => [part, ''],
  ),
);
const gap = '  ';
const noLines = {
  ...bare,
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: gap,
};
const margin = 2;

/** The contents of one field of a table. */
export type Entry = string | number;

/**
 * A table without lines, indented by two; numbers are aligned to the right. For a narrow terminal the widest columns are wrapped between
 * words and, if that is not enough, each row becomes a list.
 */
export function table(head: readonly string[], rows: readonly (readonly Entry[])[], paint: Paint): string {
  const texts = rows.map((row) => row.map((entry) => escapeForeign(String(entry))));
  const columns = head.map((title, column) => [title, ...texts.map((row) => row[column] ?? '')]);
  const room = (paint.columns ?? Infinity) - margin - gap.length * (head.length - 1);
  const widths = columnWidths(columns, room);
  if (widths === undefined) return lists(head, texts, paint);
  const numeric = head.map((_, column) => rows.every((row) => typeof row[column] === 'number'));
  const made = new Table({
    head: head.map((title, column) =>
      wrapWords(title, widths[column] ?? 0)
        .map(paint.dim)
        .join('\n'),
    ),
    colAligns: numeric.map((right) => (right ? 'right' : 'left')),
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  made.push(
    ...texts.map((row) => row.map((text, column) => wrapWords(text, widths[column] ?? 0).join('\n'))),
  );
  const lines = made
    .toString()
    // The library ends each colour once more, in a way of its own.
    .replaceAll(/\u001b\[\d+m/g, '')
    .split('\n')
    .map((line) => line.trimEnd());
  return indent(lines.join('\n'), margin);
}

/** Each row as `title: entry` lines without empty entries, with an empty line between rows. */
function lists(head: readonly string[], rows: readonly (readonly string[])[], paint: Paint): string {
  const list = (row: readonly string[]) =>
    row.flatMap((text, column) => {
      const title = head[column] ?? '';
      if (text === '') return [];
      // What does not fit behind its title goes on further in.
      const [first = '', ...rest] = wrapWords(
        title === '' ? text : `${paint.dim(`${title}:`)} ${text}`,
        (paint.columns ?? Infinity) - 2 * margin,
      );
      return [first, ...rest.map((line) => ' '.repeat(margin) + line)];
    });
  return indent(rows.map((row) => list(row).join('\n')).join('\n\n'), margin);
}
