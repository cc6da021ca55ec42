import type { Site } from '../../site/model/site.js';

/** What was read in the place of names, and where. */
export function standInLines(sites: readonly Pick<Site, 'standIns'>[]): readonly string[] {
  return sites.flatMap(({ standIns }) =>
    standIns.map(
      ({ name, value, count, at }) =>
        `${value} stands for ${name}, ${count === 1 ? 'once' : `${count} times`}: ${at.file}:${at.line}${count === 1 ? '' : ' and on'}`,
    ),
  );
}
