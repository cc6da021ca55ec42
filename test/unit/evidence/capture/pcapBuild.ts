interface PcapFormat {
  readonly littleEndian?: boolean;
  readonly nanoseconds?: boolean;
  readonly linkType?: number;
  readonly snapLength?: number;
}

/** A pcap file of these frames, all at 1000.25 s. */
export function pcapOf(frames: readonly Buffer[], format: PcapFormat = {}): Buffer {
  const { littleEndian = true, nanoseconds = false, linkType = 1, snapLength = 65_535 } = format;
  const words = (...values: readonly number[]): Buffer => {
    const buffer = Buffer.alloc(values.length * 4);
    values.forEach((value, index) =>
      littleEndian ? buffer.writeUInt32LE(value, index * 4) : buffer.writeUInt32BE(value, index * 4),
    );
    return buffer;
  };
  const version = littleEndian ? 0x00040002 : 0x00020004;
  const header = words(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, version, 0, 0, snapLength, linkType);
  const fraction = nanoseconds ? 250_000_000 : 250_000;
  const records = frames.flatMap((frame) => {
    const kept = frame.subarray(0, snapLength);
    return [words(1000, fraction, kept.length, frame.length), kept];
  });
  return Buffer.concat([header, ...records]);
}

/** An Ethernet frame with a TCP segment from 10.0.0.1:40000 to 10.0.0.2:80. */
export function tcpFrame({ payload }: { readonly payload: number }): Buffer {
  const frame = Buffer.alloc(54 + payload);
  Buffer.from('020000000002020000000001', 'hex').copy(frame, 0);
  frame.writeUInt16BE(0x0800, 12);
  frame.writeUInt8(0x45, 14);
  frame.writeUInt16BE(40 + payload, 16);
  frame.writeUInt8(64, 22);
  frame.writeUInt8(6, 23);
  Buffer.from([10, 0, 0, 1, 10, 0, 0, 2]).copy(frame, 26);
  frame.writeUInt16BE(40000, 34);
  frame.writeUInt16BE(80, 36);
  frame.writeUInt8(0x50, 46);
  frame.writeUInt8(0x18, 47);
  return frame;
}

/** Makes buffers of pseudo-random bytes, the same ones for the same seed (mulberry32). */
export function seededBytes(seed: number): (length: number) => Buffer {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return (length) => Buffer.from(Array.from({ length }, () => next() & 0xff));
}
