/** How a classic pcap is laid out, in bytes. Source: draft-ietf-opsawg-pcap. */
export const fileHeaderLength = 24;
export const recordHeaderLength = 16;
/** What tcpdump itself takes as the largest sane packet; a larger length means that the file is damaged here. */
export const largestPacket = 262_144;

export interface PcapFormat {
  readonly littleEndian: boolean;
  /** Fractions of a second in a record's second time field. */
  readonly fraction: number;
}

/** What a file's first four bytes, read as little-endian, say of the rest; undefined: it is no classic pcap. */
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
