import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sumOf } from '../../../../../../lab/clients/raw/packet/checksum.js';
import {
  SegmentFrames,
  SegmentHeader,
  type Payload,
} from '../../../../../../lab/clients/raw/packet/segmentFrames.js';
import { FrameKind, Packet } from '../../../../../../lab/clients/raw/packet/packet.js';
import { parseFrame } from '../../../../../../lab/clients/raw/packet/parseFrame.js';
import { clientMac, directorMac, readFrame } from '../simulation/wireFormat.js';

const port = fc.integer({ min: 0, max: 0xffff });
const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const headers = fc.record({
  source: fc.integer({ min: 0, max: 1 }),
  sourcePort: port,
  destinationPort: port,
  identification: port,
  sequence: word,
  acknowledgement: word,
  flags: fc.integer({ min: 0, max: 0xff }),
  window: port,
  mss: port,
});
const contents = fc.record({
  head: fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
  zeros: fc.integer({ min: 0, max: 900 }),
  from: fc.integer({ min: 0, max: 1200 }),
  length: fc.integer({ min: 0, max: 1200 }),
});

/** Into memory that is full of something else before. */
function writer(addressBytes: 4 | 16) {
  const bytes = Buffer.alloc(1600, 0xa5);
  let written = 0;
  const addresses = [1, 2, 3].map((last) => Buffer.alloc(addressBytes, 0xf0 + last));
  const outbox = { bytes, reserve: () => 7, commit: (length: number) => void (written = length) };
  const macs = { own: clientMac, nextHop: directorMac };
  const frames = new SegmentFrames(outbox, macs, addresses[0]!, addresses.slice(1));
  return (header: SegmentHeader, payload: Payload | undefined, from: number, length: number): Buffer => {
    bytes.fill(0xa5);
    frames.write(header, { payload, from, length });
    return Buffer.from(bytes.subarray(7, 7 + written));
  };
}

it.each([4, 16] as const)(
  'have checksums as if they were computed in full, for any header (%i-byte addresses)',
  (addressBytes) => {
    const write = writer(addressBytes);
    fc.assert(
      fc.property(headers, contents, (edits, { head, zeros, ...wanted }) => {
        const whole = Buffer.concat([head, Buffer.alloc(zeros)]);
        const from = Math.min(wanted.from, whole.length);
        const length = Math.min(wanted.length, whole.length - from);
        const payload = { head, headSum: sumOf(head, 0, head.length), length: whole.length };
        const frame = write(Object.assign(new SegmentHeader(), edits), payload, from, length);
        // Throws where a length or a checksum is wrong.
        const read = readFrame(frame);
        expect(read.payload.equals(whole.subarray(from, from + length))).toBe(true);
        expect(read).toMatchObject({
          sourcePort: edits.sourcePort,
          destinationPort: edits.destinationPort,
          sequence: edits.sequence >>> 0,
          acknowledgement: edits.acknowledgement >>> 0,
          window: edits.window,
        });
      }),
      { numRuns: 1000 },
    );
  },
);

it.each([4, 16] as const)('are read again as what was written (%i-byte addresses)', (addressBytes) => {
  const write = writer(addressBytes);
  const packet = new Packet();
  fc.assert(
    fc.property(headers, (edits) => {
      const head = Buffer.from('GET / HTTP/1.1\r\n\r\n');
      const payload = { head, headSum: sumOf(head, 0, head.length), length: head.length };
      const frame = write(Object.assign(new SegmentHeader(), edits), payload, 0, head.length);
      expect(parseFrame(packet, frame, 0, frame.length)).toBe(FrameKind.segment);
      const { sourcePort, destinationPort, sequence, acknowledgement, flags, window, mss } = edits;
      expect(packet).toMatchObject({ sourcePort, destinationPort, sequence, acknowledgement, flags, window });
      expect(packet.mss).toBe((flags & 0x02) === 0 ? 0 : mss);
      expect(packet).toMatchObject({ addressBytes, payloadLength: head.length, payloadKept: head.length });
      expect(frame.subarray(packet.payloadAt).equals(head)).toBe(true);
      expect(frame[packet.sourceAt]).toBe(0xf2 + edits.source);
      expect(frame[packet.destinationAt]).toBe(0xf1);
    }),
  );
});
