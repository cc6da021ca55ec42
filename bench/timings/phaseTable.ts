import { markdownTable } from '../../src/report/text/markdownTable.js';
import { durationText } from '../../src/support/duration.js';
import { medianAndMax } from '../../src/verdict/numbers/medianAndMax.js';
import type { CacheStart, ReproRun } from './reproResult.js';

/** How long each phase took in runs with nothing beside them, by their start, in Markdown. */
export function phaseTable(runs: readonly ReproRun[]): string {
  const undisturbed = runs.filter(({ busyLoops }) => busyLoops === 0);
  const names = [...new Set(undisturbed.flatMap(({ phases }) => Object.keys(phases)))];
  const cell = (wanted: CacheStart, name: string) => {
    const found = undisturbed.filter(({ start }) => start === wanted).map(({ phases }) => phases[name]);
    const spread = medianAndMax(found);
    return spread === undefined ? 'not needed' : durationText(spread.median);
  };
  const rows = names.map((name) => [name, cell('cold', name), cell('warm', name)]);
  return markdownTable(['phase, median', 'cold', 'warm'], rows);
}
