import { LabError } from '../../../support/errors.js';

/** Bytes that may be under way on a stream in one direction before the other side gives credit for more. */
export const streamWindow = 256 * 1024;

/** Most bytes of a frame's payload; also the least that credit is given for. */
export const framePiece = 64 * 1024;

/** The type of each frame between host and guest. lab/guest/relay.pl has the same letters. */
export const frameTypes = {
  /** To the guest: opens a stream. */
  open: 'O',
  /** To the guest: gives a stream up. */
  close: 'C',
  /** From the guest: why a stream is no more. */
  failed: 'X',
  /** Both ways: bytes of a stream, their end, and how many more the other side may send. */
  data: 'D',
  end: 'E',
  credit: 'W',
  /** To the guest, which answers with the same type: sets its clock, makes it quiet, lets it speak again. */
  wake: 'T',
  quiet: 'Q',
  resume: 'R',
  /** To the guest: ends its relay. */
  powerOff: 'P',
} as const;
export type FrameType = (typeof frameTypes)[keyof typeof frameTypes];

const letters: ReadonlySet<string> = new Set(Object.values(frameTypes));

/** One frame between host and guest; what is not about a stream has 0 for it. */
export interface RelayFrame {
  readonly type: FrameType;
  readonly stream: number;
  readonly payload: Buffer;
}

const headerBytes = 9;
const nothing = Buffer.alloc(0);

/** A frame's bytes: type, stream and length of the payload (both 32 bits, the most significant first), payload. */
export function encodeFrame(type: FrameType, stream: number, payload: Buffer = nothing): Buffer {
  const bytes = Buffer.allocUnsafe(headerBytes + payload.length);
  bytes.write(type, 0, 'latin1');
  bytes.writeUInt32BE(stream, 1);
  bytes.writeUInt32BE(payload.length, 5);
  payload.copy(bytes, headerBytes);
  return bytes;
}

/** The payload of a credit frame. */
export function creditPayload(bytes: number): Buffer {
  const payload = Buffer.allocUnsafe(4);
  payload.writeUInt32BE(bytes);
  return payload;
}

/** Makes frames of bytes that come in pieces of any size. */
export class FrameDecoder {
  #rest: Buffer = nothing;

  /** The frames that these bytes complete. Throws LabError at what is no frame. */
  push(bytes: Buffer): readonly RelayFrame[] {
    const input = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const frames: RelayFrame[] = [];
    let at = 0;
    while (input.length - at >= headerBytes) {
      const type = String.fromCharCode(input.readUInt8(at));
      const stream = input.readUInt32BE(at + 1);
      const length = input.readUInt32BE(at + 5);
      if (!isType(type) || length > framePiece || (type === frameTypes.credit && length !== 4)) {
        const found = input.subarray(at, at + headerBytes).toString('hex');
        throw new LabError(`the guest's relay sent what is no frame: its first bytes are ${found}`);
      }
      const end = at + headerBytes + length;
      if (end > input.length) break;
      frames.push({ type, stream, payload: input.subarray(at + headerBytes, end) });
      at = end;
    }
    this.#rest = input.subarray(at);
    return frames;
  }
}

const isType = (type: string): type is FrameType => letters.has(type);
