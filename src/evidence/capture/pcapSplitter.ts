import { EvidenceError } from '../text/error.js';
import { fileHeaderLength, formatOf, largestPacket, recordHeaderLength } from './pcapFormat.js';

/** Cuts a classic pcap, as it arrives in chunks of any size, into its header and whole records. */
export class PcapSplitter {
  /** The file's header; undefined until all of it has arrived. */
  header: Buffer | undefined;
  /** How many records have been complete so far. */
  records = 0;
  #rest = Buffer.alloc(0);
  #littleEndian = true;
  #unreadable: EvidenceError | undefined;

  /** Takes the next chunk and returns the records that it completes, each with its bytes from the file. */
  push(chunk: Uint8Array): Buffer[] {
    const bytes = Buffer.concat([this.#rest, chunk]);
    const start = this.#takeHeader(bytes);
    if (this.header === undefined) {
      this.#rest = bytes;
      return [];
    }
    const records: Buffer[] = [];
    let at = start;
    while (this.#unreadable === undefined && bytes.length >= at + recordHeaderLength) {
      const length = this.#littleEndian ? bytes.readUInt32LE(at + 8) : bytes.readUInt32BE(at + 8);
      if (length > largestPacket) {
        this.#unreadable = new EvidenceError(
          `Expected a packet of at most ${largestPacket} bytes, found ${length}.`,
        );
      } else if (bytes.length >= at + recordHeaderLength + length) {
        const next = at + recordHeaderLength + length;
        records.push(bytes.subarray(at, next));
        at = next;
      } else break;
    }
    this.#rest = bytes.subarray(at);
    this.records += records.length;
    return records;
  }

  /** Throws EvidenceError when the bytes so far are no pcap. */
  check(): void {
    if (this.#unreadable !== undefined) throw this.#unreadable;
  }

  /** Returns where the records begin in `bytes`. Until the header is complete none do. */
  #takeHeader(bytes: Buffer): number {
    if (this.header !== undefined || bytes.length < fileHeaderLength) return 0;
    const format = formatOf(bytes.readUInt32LE(0));
    if (format === undefined) {
      const magic = bytes.toString('hex', 0, 4);
      this.#unreadable = new EvidenceError(`Expected a classic pcap, found one that starts with 0x${magic}.`);
      return 0;
    }
    this.#littleEndian = format.littleEndian;
    this.header = Buffer.from(bytes.subarray(0, fileHeaderLength));
    return fileHeaderLength;
  }
}
