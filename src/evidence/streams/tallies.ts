import { EvidenceError } from '../text/error.js';
import type { IpvsTally, SocketTally } from '../model/flowTypes.js';
import { nonEmptyLines } from '../text/lines.js';
import type { SampleBlock } from './samples.js';

const sockstat = 'sockstat.';

/** Reads a `tally` block: lines of `STATE COUNT`, and the values of /proc/net/sockstat. Throws EvidenceError that quotes a line it cannot read. */
export function parseSocketTally({ time, text }: SampleBlock): SocketTally {
  const counts = parseCounts(text);
  const isKernels = ([name]: Count): boolean => name.startsWith(sockstat);
  return {
    time,
    states: Object.fromEntries(counts.filter((count) => !isKernels(count))),
    sockstat: Object.fromEntries(
      counts.filter(isKernels).map(([name, value]) => [name.slice(sockstat.length), value]),
    ),
  };
}

/** Reads an `ipvs-tally` block: lines of `STATE COUNT`, and the bytes of all entries. Throws EvidenceError that quotes a line it cannot read. */
export function parseIpvsTally({ time, text }: SampleBlock): IpvsTally {
  const counts = parseCounts(text);
  return {
    time,
    states: Object.fromEntries(counts.filter(([name]) => name !== 'bytes')),
    bytes: counts.find(([name]) => name === 'bytes')?.[1],
  };
}

type Count = readonly [name: string, value: number];

function parseCounts(text: string): Count[] {
  return nonEmptyLines(text).map((line) => {
    const [, name, value] = /^(\S+) (\d+)$/.exec(line) ?? [];
    if (name === undefined) {
      throw new EvidenceError(`Expected a line of a tally (state, number), found ${JSON.stringify(line)}.`);
    }
    return [name, Number(value)];
  });
}
