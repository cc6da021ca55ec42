/** How a classic pcap is laid out, in bytes. Source: draft-ietf-opsawg-pcap. */
export const fileHeaderLength = 24;
export const recordHeaderLength = 16;
/** The largest packet that tcpdump itself believes, in bytes. A larger length means that the file is damaged here. */
export const largestPacket = 262_144;

export interface PcapFormat {
  readonly littleEndian: boolean;
  /** How many fractions make a second in the second time field of a record. */
  readonly fraction: number;
}

/** The file's format, by its first four bytes read as a little-endian number; undefined: it is no classic pcap. */
export function formatOf(magic: number): PcapFormat | undefined {
  switch (magic) {
    case 0xa1b2c3d4:
      return { littleEndian: true, fraction: 1e6 };
    case 0xd4c3b2a1:
      return { littleEndian: false, fraction: 1e6 };
    case 0xa1b23c4d:
      return { littleEndian: true, fraction: 1e9 };
    case 0x4d3cb2a1:
      return { littleEndian: false, fraction: 1e9 };
    default:
      return undefined;
  }
}
