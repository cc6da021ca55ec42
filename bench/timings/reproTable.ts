import { markdownTable } from '../../src/report/text/markdownTable.js';
import type { ReproRun } from './reproResult.js';
import { spreadText } from './spread.js';

/** What `npm run repro` took, by its start and by what ran beside it, in Markdown. */
export function reproTable(runs: readonly ReproRun[]): string {
  const kinds = new Map<string, ReproRun[]>();
  for (const run of runs) {
    const kind = `${run.start} ${run.busyLoops}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), run]);
  }
  const rows = [...kinds.values()].map((same) => [
    ...same.slice(0, 1).flatMap(({ start, busyLoops }) => [start, besideText(busyLoops)]),
    String(same.length),
    spreadText(same.map(({ seconds }) => seconds)),
    spreadText(same.map(({ cpuSeconds }) => cpuSeconds)),
  ]);
  const head = [
    '`npm run repro`',
    'beside it',
    'runs',
    'by the clock: median (least to most)',
    'of processors',
  ];
  return markdownTable(head, rows);
}

function besideText(busyLoops: number): string {
  return busyLoops === 0 ? 'nothing' : `${busyLoops} busy loops`;
}
