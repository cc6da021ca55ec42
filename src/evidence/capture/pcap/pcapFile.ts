import { EvidenceError } from '../../text/error.js';
import { fileHeaderLength, formatOf, largestPacket, recordHeaderLength } from './pcapFormat.js';

/** A classic pcap, cut into its header and its whole records; what is left behind the last of them is not told. */
export class PcapFile {
  readonly header: Buffer;
  /** Each packet with the record's header before it. */
  readonly records: readonly Buffer[];

  /** Throws EvidenceError when the bytes are no pcap, or damaged. */
  constructor(bytes: Buffer) {
    const format = bytes.length < fileHeaderLength ? undefined : formatOf(bytes.readUInt32LE(0));
    if (format === undefined) {
      const magic = bytes.toString('hex', 0, 4);
      throw new EvidenceError(
        `Expected a classic pcap, found ${bytes.length} bytes that start with 0x${magic}.`,
      );
    }
    this.header = bytes.subarray(0, fileHeaderLength);
    const records: Buffer[] = [];
    let at = fileHeaderLength;
    while (bytes.length >= at + recordHeaderLength) {
      const length = format.littleEndian ? bytes.readUInt32LE(at + 8) : bytes.readUInt32BE(at + 8);
      if (length > largestPacket)
        throw new EvidenceError(`Expected a packet of at most ${largestPacket} bytes, found ${length}.`);
      const next = at + recordHeaderLength + length;
      if (next > bytes.length) break;
      records.push(bytes.subarray(at, next));
      at = next;
    }
    this.records = records;
  }
}
