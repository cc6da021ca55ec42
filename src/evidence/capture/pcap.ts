import { EvidenceError } from '../text/error.js';
import {
  fileHeaderLength,
  formatOf,
  largestPacket,
  recordHeaderLength,
  type PcapFormat,
} from './pcapFormat.js';
import { dissectFrame, type Frame } from './frame.js';
import type { Capture, CapturedIcmp, CapturedNeighbour, CapturedSegment } from '../model/evidence.js';

const linkTypeEthernet = 1;

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
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const format = readFormat(view);
  const segments: CapturedSegment[] = [];
  const icmp: CapturedIcmp[] = [];
  const sync = new Map<string, number>();
  const neighbours: CapturedNeighbour[] = [];
  const other = new Map<string, number>();
  let packets = 0;
  const sort = (time: number, frame: Frame): void => {
    if (frame.kind === 'segment') segments.push({ time, ...frame.segment });
    else if (frame.kind === 'icmp') icmp.push({ time, ...frame.icmp });
    else if (frame.kind === 'sync') sync.set(frame.sourceMac, (sync.get(frame.sourceMac) ?? 0) + 1);
    else if (frame.kind === 'neighbour') neighbours.push({ time, ...frame.neighbour });
    else other.set(frame.name, (other.get(frame.name) ?? 0) + 1);
  };
  const truncated = !readRecords(view, format, (time, packet, length) => {
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

function readFormat(view: DataView): PcapFormat {
  if (view.byteLength < fileHeaderLength) {
    throw new EvidenceError(
      `Expected a pcap file, found ${view.byteLength} bytes, which is less than its header.`,
      { hint: 'The capture probably never started: see the errors of tcpdump on that node.' },
    );
  }
  const format = formatOf(view.getUint32(0, true));
  if (format === undefined) {
    const magic = view.getUint32(0, false).toString(16).padStart(8, '0');
    throw new EvidenceError(`Expected a classic pcap file, found one that starts with 0x${magic}.`, {
      hint: 'Write captures with tcpdump -w; convert others with: tcpdump -r FILE -w NEW',
    });
  }
  // The upper bits may hold the length of a frame check sequence.
  const linkType = view.getUint32(20, format.littleEndian) & 0xffff;
  if (linkType !== linkTypeEthernet) {
    throw new EvidenceError(
      `Expected a capture of an Ethernet interface (link type 1), found link type ${linkType}.`,
      { hint: 'Capture on one interface by name: "any" has no MAC addresses, and the judge needs them.' },
    );
  }
  return format;
}

/** Calls `visit` for each record; returns false when the file ends or breaks inside one. */
function readRecords(
  view: DataView,
  { littleEndian, fraction }: PcapFormat,
  visit: (time: number, packet: DataView, length: number) => void,
): boolean {
  let offset = fileHeaderLength;
  while (offset < view.byteLength) {
    if (offset + recordHeaderLength > view.byteLength) return false;
    const time = view.getUint32(offset, littleEndian) + view.getUint32(offset + 4, littleEndian) / fraction;
    const captured = view.getUint32(offset + 8, littleEndian);
    const length = view.getUint32(offset + 12, littleEndian);
    offset += recordHeaderLength;
    if (captured > largestPacket || offset + captured > view.byteLength) return false;
    visit(time, new DataView(view.buffer, view.byteOffset + offset, captured), length);
    offset += captured;
  }
  return true;
}
