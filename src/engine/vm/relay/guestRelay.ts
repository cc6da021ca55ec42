import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { LabError } from '../../../support/errors.js';
import { encodeFrame, FrameDecoder, frameTypes, type FrameType, type RelayFrame } from './frames.js';
import { RelayStream, streamError } from './relayStream.js';

export interface RelayOptions {
  /** Number of the first stream to open; on a machine that was saved it must be behind all that were used before. */
  readonly nextStream?: number;
}

/** What waits for the guest's answer of a kind. */
interface Question {
  readonly type: FrameType;
  readonly payload: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const nonceBytes = 8;

/**
 * The host's end of the virtio port at whose other end lab/guest/relay.pl is: streams to the guest's Docker, which outlive the process that
 * opened them when the machine is saved while it is quiet. When the connection ends, its streams and all that waits fail with LabError.
 */
export class GuestRelay {
  /** Rejects when the connection ends that nobody closed; never resolves. */
  readonly lost: Promise<never>;
  readonly #socket: Socket;
  readonly #decoder = new FrameDecoder();
  readonly #streams = new Map<number, RelayStream>();
  #questions: readonly Question[] = [];
  #nextStream: number;
  /** Frames that wait until the guest may be spoken to again; undefined: it may. */
  #held: Buffer[] | undefined;
  #whenSent: (() => void) | undefined;
  #ended: LabError | undefined;
  #ending = false;
  #lose!: (error: LabError) => void;

  private constructor(socket: Socket, { nextStream = 1 }: RelayOptions) {
    this.#socket = socket;
    this.#nextStream = nextStream;
    this.lost = new Promise<never>((_, reject) => (this.#lose = reject));
    this.lost.catch(() => undefined);
    socket.on('data', (bytes) => {
      this.#receive(bytes);
    });
    socket.on('error', (error) => {
      this.#end(error);
    });
    socket.on('close', () => {
      this.#end();
    });
  }

  /** Connects to the Unix socket that QEMU has for the port. */
  static async connect(socketPath: string, options: RelayOptions = {}): Promise<GuestRelay> {
    const socket = connect(socketPath);
    await once(socket, 'connect').catch((cause: unknown) => {
      throw new LabError(`could not connect to the guest's relay at ${socketPath}`, { cause });
    });
    return new GuestRelay(socket, options);
  }

  /** The number that the next stream gets. */
  get nextStream(): number {
    return this.#nextStream;
  }

  /** Opens a connection to Docker; when that fails, the stream is destroyed with the reason. */
  open(): RelayStream {
    const stream = this.#add(this.#nextStream++);
    this.#send(frameTypes.open, stream.id);
    return stream;
  }

  /**
   * Goes on with a stream that another process opened and that was open both ways when the machine became quiet. Call it before `resume`:
   * what comes for an unknown stream is dropped.
   */
  adopt(id: number): RelayStream {
    if (id >= this.#nextStream || this.#streams.has(id)) {
      throw new RangeError(`expected a stream below ${this.#nextStream} that is not in use, found ${id}`);
    }
    return this.#add(id);
  }

  /** Sets the guest's clock and feeds its random generator. A guest that is quiet does so, and answers after `resume`. */
  wake(now: Date, seed: Buffer): Promise<void> {
    const seconds = (now.getTime() / 1000).toFixed(3);
    return this.#ask(frameTypes.wake, Buffer.from(`${seconds} ${seed.toString('base64')}`), Buffer.alloc(0));
  }

  /**
   * Resolves when nothing is under way between host and guest, so that the machine can be saved. It first waits until what was written to
   * streams has been sent. What is written from then on stays here until `resume`; what came before is in the streams, to be read.
   */
  async quiet(): Promise<void> {
    this.#throwIfEnded();
    if (this.#held !== undefined) throw new RangeError('expected a guest that is not quiet yet');
    while (![...this.#streams.values()].every((stream) => stream.isSent)) {
      this.#throwIfEnded();
      await new Promise<void>((resolve) => (this.#whenSent = resolve));
    }
    const nonce = randomBytes(nonceBytes);
    const answer = this.#ask(frameTypes.quiet, nonce, nonce);
    this.#held = [];
    const streams = [...this.#streams.values()];
    for (const stream of streams) stream.renewCredit();
    await answer;
    for (const stream of streams) stream.forgetOwed();
  }

  /** Lets the guest speak again, also one that another process made quiet. */
  async resume(): Promise<void> {
    const nonce = randomBytes(nonceBytes);
    const held = this.#held ?? [];
    this.#held = undefined;
    const answer = this.#ask(frameTypes.resume, nonce, nonce);
    for (const bytes of held) this.#write(bytes);
    await answer;
  }

  /** Ends the guest's relay; its init powers the machine off then. */
  powerOff(): void {
    this.#ending = true;
    this.#held = undefined;
    this.#send(frameTypes.powerOff, 0);
  }

  /** Ends the connection, and with it the use of all streams here; the guest keeps its ends of them. */
  close(): void {
    this.#ending = true;
    this.#end();
  }

  #add(id: number): RelayStream {
    const stream = new RelayStream(id, (type, payload) => {
      this.#send(type, id, payload);
      this.#whenSent?.();
    });
    this.#streams.set(id, stream);
    stream.once('close', () => {
      this.#streams.delete(id);
      this.#whenSent?.();
    });
    const ended = this.#ended;
    if (ended !== undefined) {
      // Like a socket that cannot connect: whoever opened it has had time to listen by then.
      setImmediate(() => {
        stream.fail(ended);
      });
    }
    return stream;
  }

  #ask(type: FrameType, payload: Buffer, answer: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#throwIfEnded();
      this.#questions = [...this.#questions, { type, payload: answer, resolve, reject }];
      this.#send(type, 0, payload);
    });
  }

  #send(type: FrameType, stream: number, payload?: Buffer): void {
    if (this.#ended !== undefined) return;
    const bytes = encodeFrame(type, stream, payload);
    if (this.#held === undefined) this.#write(bytes);
    // With quiet both windows are full again: credit for what came before would be credit twice.
    else if (type !== frameTypes.credit) this.#held.push(bytes);
  }

  /** Puts together what is written in one turn: each piece costs the guest time. */
  #write(bytes: Buffer): void {
    if (this.#socket.writableCorked === 0) {
      this.#socket.cork();
      process.nextTick(() => {
        this.#socket.uncork();
      });
    }
    this.#socket.write(bytes);
  }

  #receive(bytes: Buffer): void {
    try {
      for (const frame of this.#decoder.push(bytes)) this.#take(frame);
    } catch (error) {
      this.#end(error as LabError);
    }
  }

  #take({ type, stream: id, payload }: RelayFrame): void {
    const stream = this.#streams.get(id);
    switch (type) {
      // A frame for a stream that is not there crossed the one that closed it.
      case frameTypes.data:
        stream?.receive(payload);
        return;
      case frameTypes.end:
        stream?.receiveEnd();
        return;
      case frameTypes.credit:
        if (this.#held === undefined) stream?.receiveCredit(payload.readUInt32BE());
        return;
      case frameTypes.failed:
        stream?.fail(streamError(id, payload.toString()));
        return;
      case frameTypes.wake:
      case frameTypes.quiet:
      case frameTypes.resume:
        this.#answer(type, payload);
        return;
      case frameTypes.open:
      case frameTypes.close:
      case frameTypes.powerOff:
        throw new LabError(`the guest's relay sent a frame of type ${type}, which only the host sends`);
    }
  }

  /** An answer that nobody waits for was for the process before this one. */
  #answer(type: FrameType, payload: Buffer): void {
    const question = this.#questions.find((one) => one.type === type && one.payload.equals(payload));
    this.#questions = this.#questions.filter((one) => one !== question);
    question?.resolve();
  }

  #throwIfEnded(): void {
    if (this.#ended !== undefined) throw this.#ended;
  }

  #end(cause?: Error): void {
    if (this.#ended !== undefined) return;
    const error = new LabError("the connection to the guest's relay ended", { cause });
    this.#ended = error;
    this.#socket.destroy();
    for (const stream of this.#streams.values()) {
      // `lost` tells it too: nobody has to listen on each stream for that.
      stream.on('error', () => undefined);
      stream.fail(this.#ending ? undefined : error);
    }
    for (const question of this.#questions) question.reject(error);
    this.#questions = [];
    this.#whenSent?.();
    if (!this.#ending) this.#lose(error);
  }
}
