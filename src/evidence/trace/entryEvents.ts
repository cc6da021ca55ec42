import type { EntryEvent } from '../model/traced.js';
import { nonEmptyLines } from '../text/lines.js';

const line = /^(?:\[[\d.]+\s*\]\s*)?\s*\[(NEW|UPDATE|DESTROY)\] tcp +6 (.*)$/;

/**
 * Parses the output of `conntrack -E -p tcp -o ktimestamp,id`: what happened to entries, in order. Other lines are skipped, and the last may
 * be cut.
 */
export function parseEntryEvents(text: string): EntryEvent[] {
  return nonEmptyLines(text).flatMap((each) => {
    const [, what, rest = ''] = line.exec(each) ?? [];
    const ends = /\bsrc=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)/.exec(rest);
    if (what === undefined || ends === null) return [];
    const [, source = '', destination = '', sourcePort, destinationPort] = ends;
    return [
      {
        what: what.toLowerCase() as EntryEvent['what'],
        state: /^(?:\d+ )?([A-Z][A-Z0-9_]+) /.exec(rest)?.[1],
        ...{ source, destination },
        sourcePort: Number(sourcePort),
        destinationPort: Number(destinationPort),
      },
    ];
  });
}
