import { EvidenceError } from '../text/error.js';
import { nonEmptyLines } from '../text/lines.js';

/** Parses the output of `nstat`: the value of each counter by name. Throws EvidenceError that quotes a line it cannot read. */
export function parseNstat(text: string): Record<string, number> {
  const counters = new Map<string, number>();
  for (const line of nonEmptyLines(text)) {
    if (line.startsWith('#')) continue;
    const match = /^(\w+)\s+(-?\d+)\s/.exec(`${line} `);
    if (match?.[1] === undefined) {
      throw new EvidenceError(
        `Expected a counter of nstat (name, value, rate), found ${JSON.stringify(line)}.`,
      );
    }
    counters.set(match[1], Number(match[2]));
  }
  return Object.fromEntries(counters);
}
