import { readPcapRecords } from './pcapRecords.js';
import { dissectFrame, type Frame } from '../frame.js';
import type { Capture, CapturedIcmp, CapturedNeighbour, CapturedSegment } from '../../model/evidence.js';

const ethernet = {
  linkType: 1,
  name: 'an Ethernet interface',
  hint: 'Capture on one interface by name: "any" has no MAC addresses, and the judge needs them.',
};

/** A capture, and the number of packets in its file, whether or not they could be read. */
export interface ParsedCapture extends Capture {
  readonly packets: number;
}

/**
 * Reads a classic pcap file (micro- or nanoseconds, either byte order) of an Ethernet interface. Unknown packets are counted in `other` and
 * are no error. A file that ends or breaks inside a record gives what came before, with `truncated`. Throws EvidenceError when the file is
 * no such pcap. Source: draft-ietf-opsawg-pcap.
 */
export function parsePcap(file: Uint8Array): ParsedCapture {
  const segments: CapturedSegment[] = [];
  const icmp: CapturedIcmp[] = [];
  const sync = new Map<string, number>();
  const neighbours: CapturedNeighbour[] = [];
  const other = new Map<string, number>();
  let packets = 0;
  const sort = (time: number, frame: Frame): void => {
    if (frame.kind === 'segment') segments.push({ frame: packets, time, ...frame.segment });
    else if (frame.kind === 'icmp') icmp.push({ time, ...frame.icmp });
    else if (frame.kind === 'sync') sync.set(frame.sourceMac, (sync.get(frame.sourceMac) ?? 0) + 1);
    else if (frame.kind === 'neighbour') neighbours.push({ time, ...frame.neighbour });
    else other.set(frame.name, (other.get(frame.name) ?? 0) + 1);
  };
  const truncated = !readPcapRecords(file, ethernet, (time, packet, length) => {
    packets += 1;
    sort(time, dissectFrame(packet, length));
  });
  return {
    segments,
    icmp,
    neighbours,
    sync: Object.fromEntries(sync),
    other: Object.fromEntries(other),
    truncated,
    packets,
  };
}
