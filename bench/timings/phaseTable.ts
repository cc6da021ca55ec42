import { markdownTable } from '../../src/report/text/markdownTable.js';
import { durationText } from '../../src/support/duration.js';
import { medianAndMax } from '../../src/verdict/numbers/medianAndMax.js';
import type { Timings } from './timings.js';

/** How long each phase of a first run took, and of the warm runs after it, in Markdown. */
export function phaseTable(first: Timings, warm: readonly Timings[]): string {
  const rows = first.entries.map(([name, seconds]) => {
    const again = medianAndMax(warm.map((run) => run.of(name)));
    return [name, durationText(seconds), again === undefined ? 'not needed' : durationText(again.median)];
  });
  return markdownTable(['phase', 'first run', `warm run (median of ${warm.length})`], rows);
}
