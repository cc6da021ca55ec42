import { markdownTable } from '../../src/report/text/markdownTable.js';
import { durationText } from '../../src/support/duration.js';
import { medianOf } from './spread.js';
import type { Timings } from './timings.js';

/** Seconds until Docker answered, of each guest that was booted, and of each that was started from its saved machine; at least one each. */
export interface GuestStarts {
  readonly booted: readonly number[];
  readonly restored: readonly number[];
}

/** How long guests took until Docker answered, in Markdown. */
export function guestStartTable({ booted, restored }: GuestStarts): string {
  const rows = [
    startRow('booted', booted),
    startRow('started from its saved machine', restored),
    ['ratio', (medianOf(restored) / medianOf(booted)).toFixed(2), '', ''],
  ];
  const runs = `median of ${booted.length}`;
  return markdownTable(['Docker answers in a guest that is', runs, 'least', 'most'], rows);
}

/** What it cost to open an engine with another kernel, in Markdown. */
export function secondKernelTable(kernel: string, timings: Timings): string {
  const rows = timings.entries.map(([name, seconds]) => [name, durationText(seconds)]);
  return markdownTable([`what the second kernel, ${kernel}, costs`, ''], rows);
}

function startRow(name: string, seconds: readonly number[]): readonly string[] {
  const spread = [medianOf(seconds), Math.min(...seconds), Math.max(...seconds)];
  return [name, ...spread.map((each) => durationText(each))];
}
