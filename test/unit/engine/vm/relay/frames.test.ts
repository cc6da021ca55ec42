import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  creditPayload,
  encodeFrame,
  FrameDecoder,
  framePiece,
  type RelayFrame,
  type FrameType,
} from '../../../../../src/engine/vm/relay/frames.js';
import { LabError } from '../../../../../src/support/errors.js';

const frames = fc.array(
  fc.record({
    type: fc.constantFrom<FrameType>('O', 'D', 'E', 'C', 'T', 'Q', 'R', 'P', 'X'),
    stream: fc.integer({ min: 0, max: 0xffffffff }),
    payload: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  }),
);

describe('frames', () => {
  it('have type, stream and length in front', () => {
    expect(encodeFrame('D', 0x01020304, Buffer.from('ab')).toString('hex')).toBe('4401020304000000026162');
    expect(encodeFrame('W', 7, creditPayload(65_536)).toString('hex')).toBe('57000000070000000400010000');
  });

  it('come out as they went in, however the bytes are cut', () => {
    fc.assert(
      fc.property(frames, fc.integer({ min: 1, max: 30 }), (sent, size) => {
        const bytes = Buffer.concat(
          sent.map(({ type, stream, payload }) => encodeFrame(type, stream, payload)),
        );
        const decoder = new FrameDecoder();
        const got: RelayFrame[] = [];
        for (let at = 0; at < bytes.length; at += size) {
          got.push(...decoder.push(bytes.subarray(at, at + size)));
        }
        expect(got).toEqual(sent);
      }),
    );
  });

  it.each([
    ['an unknown type', Buffer.from('z\0\0\0\x01\0\0\0\0')],
    ['a payload that is too long', encodeFrame('D', 1, Buffer.alloc(framePiece + 1))],
    ['credit that is no number', encodeFrame('W', 1, Buffer.from('12'))],
  ])('are refused with %s', (_, bytes) => {
    expect(() => new FrameDecoder().push(bytes)).toThrow(LabError);
  });

  it('may have a payload of the greatest length', () => {
    const payload = Buffer.alloc(framePiece, 'x');
    expect(new FrameDecoder().push(encodeFrame('D', 1, payload))).toEqual([
      { type: 'D', stream: 1, payload },
    ]);
  });
});
