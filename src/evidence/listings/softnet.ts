import { EvidenceError } from '../text/error.js';
import { nonEmptyLines } from '../text/lines.js';

/**
 * Reads /proc/net/softnet_stat, which has a line of hexadecimal columns per processor: how many packets all processors dropped since the
 * kernel started because their backlog was full (the second column). Throws EvidenceError that quotes a line it cannot read.
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
