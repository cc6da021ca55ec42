import { EvidenceError } from '../../text/error.js';
import {
  fileHeaderLength,
  formatOf,
  largestPacket,
  recordHeaderLength,
  type PcapFormat,
} from './pcapFormat.js';

/** What a capture must be of. */
interface Wanted {
  /** The number of the kind of interface. Source: tcpdump.org/linktypes.html. */
  readonly linkType: number;
  readonly name: string;
  /** What to do about a capture of something else. */
  readonly hint: string;
}

/**
 * Calls `visit` for each record of a classic pcap (micro- or nanoseconds, either byte order), with its time, its bytes and its length on the wire. Returns
 * false when the file ends or breaks inside a record. Throws EvidenceError when it is no such pcap, or of another kind of interface.
 * Source: draft-ietf-opsawg-pcap.
 */
export function readPcapRecords(
  file: Uint8Array,
  wanted: Wanted,
  visit: (time: number, packet: DataView, length: number) => void,
): boolean {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return readRecords(view, readFormat(view, wanted), visit);
}

function readFormat(view: DataView, { linkType: wanted, name, hint }: Wanted): PcapFormat {
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
  if (linkType !== wanted) {
    throw new EvidenceError(
      `Expected a capture of ${name} (link type ${wanted}), found link type ${linkType}.`,
      { hint },
    );
  }
  return format;
}

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
