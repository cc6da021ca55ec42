import { parseRange } from '../../../site/model/addressRange.js';
import type { Site } from '../../../site/model/site.js';
import type { StandIn } from '../../../site/model/standIn.js';
import { UsageError } from '../../../support/errors.js';

/**
 * Reads `--map NAME=ADDRESS`.
 * @throws UsageError that names every value that is none.
 */
export function readStandIns(values: readonly string[]): readonly StandIn[] {
  const found: StandIn[] = [];
  const problems: string[] = [];
  for (const text of values) {
    const [, name = '', value = ''] = /^([\w.*-]+)=(\S+)$/.exec(text) ?? [];
    if (name === '') problems.push(`expected --map NAME=ADDRESS, found \`${text}\``);
    else if (parseRange(value) === undefined && !/^\d+$/.test(value))
      problems.push(
        `expected an address or a network for \`${name}\` (or a number, for a user or a group), found \`${value}\``,
      );
    else if (found.some((one) => one.name === name))
      problems.push(`expected one stand-in for \`${name}\`, found another with \`${value}\``);
    else found.push({ name, value });
  }
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return found;
}

/** Throws UsageError for stand-ins whose name is in no file: they would replace nothing. */
export function refuseUnusedStandIns(
  standIns: readonly StandIn[],
  sites: readonly Pick<Site, 'standIns'>[],
): void {
  const used = new Set(sites.flatMap(({ standIns: own }) => own.map(({ name }) => name)));
  const unused = standIns.filter(({ name }) => !used.has(name)).map(({ name }) => `\`${name}\``);
  if (unused.length > 0)
    throw new UsageError(`no file has ${unused.join(', ')}, which --map names`, {
      hint: 'Write the name as the files have it, as a whole word.',
    });
}
