import { markdownTable } from '../../src/report/text/markdownTable.js';
import type { ScaleResult } from './simulate.js';

const timeText = (seconds: number): string =>
  seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(0)} GB`;

/** A row for each plan, in Markdown. */
export function scaleTable(results: readonly ScaleResult[]): string {
  const head = [
    ...[
      'machines',
      'cache',
      'longest shard',
      'half are over after',
      'machine hours',
      'downloads',
      'labs made',
    ],
    ...['written to caches', 'read of others', 'largest cache'],
  ];
  const rows = results.map((one) => [
    String(one.machines),
    one.cache === 'shared' ? 'one for all' : 'each its own',
    ...[timeText(one.longest), timeText(one.median), (one.machineSeconds / 3600).toFixed(0)],
    ...[String(one.made.kernel + one.made.base + one.made.root), String(one.made.lab)],
    ...[gigabytes(one.written), gigabytes(one.read), gigabytes(one.largestCache)],
  ]);
  return markdownTable(head, rows);
}
