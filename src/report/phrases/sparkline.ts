const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** Numbers of nought or more as a curve in one line of text, of at most so many columns: each has a bar, by how it compares with the largest. */
export function sparkline(values: readonly number[], columns: number): string {
  const shown = gathered(values, columns);
  const most = Math.max(...shown, 0);
  return shown.map((value) => bars[most === 0 ? 0 : Math.round((value / most) * (bars.length - 1))]).join('');
}

/** At most so many numbers, each the largest of its neighbours: a peak is not lost. */
function gathered(values: readonly number[], most: number): readonly number[] {
  const each = Math.ceil(values.length / most);
  const groups = each === 0 ? 0 : Math.ceil(values.length / each);
  return Array.from({ length: groups }, (_, index) =>
    Math.max(...values.slice(index * each, (index + 1) * each)),
  );
}
