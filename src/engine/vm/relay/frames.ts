import { LabError } from '../../../support/errors.js';

/** Bytes that may be under way on a stream in one direction before the other side gives credit for more. */
export const streamWindow = 256 * 1024;

/** Most bytes of a frame's payload; also the least that credit is given for. */
export const framePiece = 64 * 1024;

/**
 * What frames say. To the guest: O opens a stream, C forgets it, T wakes, Q asks for quiet, R ends it, P powers off. From the guest: X says
 * why a stream is no more; T, Q and R answer. Both ways: D is data, E the end of it, W credit in bytes.
 */
export type FrameType = 'O' | 'D' | 'E' | 'C' | 'W' | 'T' | 'Q' | 'R' | 'P' | 'X';

const types: ReadonlySet<string> = new Set<FrameType>(['O', 'D', 'E', 'C', 'W', 'T', 'Q', 'R', 'P', 'X']);

/** One frame between host and guest; what is not about a stream has 0 for it. */
export interface Frame {
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
  push(bytes: Buffer): readonly Frame[] {
    const input = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const frames: Frame[] = [];
    let at = 0;
    while (input.length - at >= headerBytes) {
      const type = String.fromCharCode(input.readUInt8(at));
      const stream = input.readUInt32BE(at + 1);
      const length = input.readUInt32BE(at + 5);
      if (!isType(type) || length > framePiece || (type === 'W' && length !== 4)) {
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

const isType = (type: string): type is FrameType => types.has(type);
