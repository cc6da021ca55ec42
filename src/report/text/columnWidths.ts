import { textWidth } from './wrap.js';

/** The fewest columns in which prose is still readable. */
const leastProse = 16;

/**
 * Widths for columns of texts that fit into `room` together: the widest columns shrink, and no word is broken. Undefined: there are no such
 * widths.
 */
export function columnWidths(columns: readonly (readonly string[])[], room: number): number[] | undefined {
  const natural = columns.map((texts) => widest(texts));
  const longestWord = columns.map((texts) => widest(texts.flatMap((text) => text.split(/[ \n]/))));
  if (sum(natural) <= room) return natural;
  for (let most = room; most >= leastProse; most--) {
    const widths = natural.map((width, column) => Math.max(Math.min(width, most), longestWord[column] ?? 0));
    if (sum(widths) <= room) return widths;
  }
  return undefined;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, textWidth(text)), 0);
}

function sum(widths: readonly number[]): number {
  return widths.reduce((all, width) => all + width, 0);
}
