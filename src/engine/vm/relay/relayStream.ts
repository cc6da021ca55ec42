import { Duplex } from 'node:stream';
import { LabError } from '../../../support/errors.js';
import { creditPayload, framePiece, frameTypes, streamWindow, type FrameType } from './frames.js';

/** Sends a frame about one stream to the guest. */
export type SendFrame = (type: FrameType, payload?: Buffer) => void;

/** A write that waits for credit. */
interface Unsent {
  readonly bytes: Buffer;
  readonly done: () => void;
}

/**
 * A connection to the guest's Docker, as a stream of a relay. Like a TCP client's it ends its own side when Docker ends the other, unless
 * `allowHalfOpen` is set. What a reader does not take stays with Docker: at most a window of it is on the way.
 */
export class RelayStream extends Duplex {
  readonly #send: SendFrame;
  /** Bytes that the guest still takes. */
  #credit = streamWindow;
  /** Bytes that a reader took, or has in its buffer, and that the guest has no credit for yet. */
  #owed = 0;
  #unsent: Unsent | undefined;
  #endSent = false;
  /** Whether the guest has forgotten it. */
  #over = false;
  #guestEnded = false;

  /** `id` is the stream's number on this machine, by which another process can go on with it. */
  constructor(
    readonly id: number,
    send: SendFrame,
  ) {
    super({ allowHalfOpen: false, readableHighWaterMark: framePiece });
    this.#send = send;
  }

  /** Whether nothing that was written to it waits for anything. */
  get isSent(): boolean {
    return this.writableLength === 0;
  }

  /** For an HTTP agent, which calls it on a connection that it uses again: what keeps this process is the relay, and no stream of it. */
  ref(): this {
    return this;
  }

  /** Takes what the guest sent. */
  receive(payload: Buffer): void {
    this.#owed += payload.length;
    // Without room for more, `_read` says when there is.
    if (this.push(payload)) this.#giveCredit();
  }

  /** Docker has ended its side. */
  receiveEnd(): void {
    this.#guestEnded = true;
    this.push(null);
    // So the end is told even if nobody reads, as on a connection that is kept for later.
    this.read(0);
  }

  /** The guest takes that many bytes more. */
  receiveCredit(bytes: number): void {
    this.#credit += bytes;
    this.#sendUnsent();
  }

  /** The guest has given the stream up, or cannot be reached any more; undefined: as was wanted here. */
  fail(error: Error | undefined): void {
    this.#over = true;
    this.destroy(error);
  }

  /** To be called when the guest is asked to be quiet: it has all that was sent, and takes a full window from then on. */
  renewCredit(): void {
    this.#credit = streamWindow;
  }

  /** To be called when the guest is quiet: all that it sent is here, and it counts on a full window from then on. */
  forgetOwed(): void {
    this.#owed = 0;
  }

  override _read(): void {
    this.#giveCredit();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#unsent = { bytes: chunk, done };
    this.#sendUnsent();
  }

  /** What was written meanwhile goes in as few frames as can be: each costs the guest time. */
  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: () => void): void {
    this.#unsent = { bytes: Buffer.concat(chunks.map(({ chunk }) => chunk)), done };
    this.#sendUnsent();
  }

  override _final(done: () => void): void {
    this.#endSent = true;
    this.#send(frameTypes.end);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const isOver = this.#over || (this.#endSent && this.#guestEnded);
    if (!isOver) this.#send(frameTypes.close);
    done(error);
  }

  #giveCredit(): void {
    if (this.#owed < framePiece) return;
    this.#send(frameTypes.credit, creditPayload(this.#owed));
    this.#owed = 0;
  }

  #sendUnsent(): void {
    while (this.#unsent !== undefined && this.#credit > 0) {
      const { bytes, done } = this.#unsent;
      const piece = bytes.subarray(0, Math.min(framePiece, this.#credit));
      this.#credit -= piece.length;
      if (piece.length > 0) this.#send(frameTypes.data, piece);
      this.#unsent =
        piece.length === bytes.length ? undefined : { bytes: bytes.subarray(piece.length), done };
      if (this.#unsent === undefined) done();
    }
  }
}

/** The error of a stream that the guest has given up. */
export function streamError(id: number, reason: string): LabError {
  return new LabError(`the connection ${id} to the guest's Docker ended: ${reason}`);
}
