import type { EntryEvent } from '../model/traced.js';
import { nonEmptyLines } from '../text/lines.js';

const line = /^(?:\[[\d.]+\s*\]\s*)?\s*\[(NEW|UPDATE|DESTROY)\] (tcp +6|udp +17) (.*)$/;

/**
 * Parses the output of `conntrack -E -o ktimestamp,id`: what happened to entries of TCP and UDP, in order. Other lines are skipped, and the last may
 * be cut.
 */
export function parseEntryEvents(text: string): EntryEvent[] {
  return nonEmptyLines(text).flatMap((each) => {
    const [, what, protocol = '', rest = ''] = line.exec(each) ?? [];
    const ends = /\bsrc=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)/.exec(rest);
    if (what === undefined || ends === null) return [];
    const [, source = '', destination = '', sourcePort, destinationPort] = ends;
    return [
      {
        what: what.toLowerCase() as EntryEvent['what'],
        state: protocol.startsWith('udp')
          ? datagramState(what, rest)
          : /^(?:\d+ )?([A-Z][A-Z0-9_]+) /.exec(rest)?.[1],
        ...{ source, destination },
        sourcePort: Number(sourcePort),
        destinationPort: Number(destinationPort),
      },
    ];
  });
}

/** What marks an entry of UDP, which has no states of its own. */
function datagramState(what: string, rest: string): string | undefined {
  if (what === 'DESTROY') return undefined;
  return /\[(UNREPLIED|ASSURED)\]/.exec(rest)?.[1] ?? 'REPLIED';
}
