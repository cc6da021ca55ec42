import { EvidenceError } from '../text/error.js';
import { nonEmptyLines } from '../text/lines.js';

/**
 * Reads /proc/net/softnet_stat, hexadecimal columns, one line a processor: packets that all processors together dropped because
 * their backlog was full (the second column), since the kernel started. Throws EvidenceError quoting a line that is none.
 */
export function parseBacklogDrops(text: string): number {
  return nonEmptyLines(text)
    .map((line) => {
      const [, dropped] = /^[\da-f]{8} ([\da-f]{8}) /.exec(line) ?? [];
      if (dropped === undefined) {
        throw new EvidenceError(`Expected a line of /proc/net/softnet_stat, found ${JSON.stringify(line)}.`);
      }
      return parseInt(dropped, 16);
    })
    .reduce((sum, dropped) => sum + dropped, 0);
}
