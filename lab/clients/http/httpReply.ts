import { Reading, ReplyReader } from './replyReader.js';

/** Watches the reply to one request arrive. */
export class HttpReply {
  readonly #table = {
    reading: new Uint8Array(1),
    matched: new Uint8Array(1),
    bodyLeft: new Int32Array(1),
    replies: new Uint8Array(1),
    status: new Uint16Array(1),
  };
  readonly #reader = new ReplyReader(this.#table);

  constructor() {
    this.#reader.begin(0);
  }

  /** The HTTP status; undefined until the whole head has arrived, and when the server's text is not HTTP. */
  get status(): number | undefined {
    const [reading] = this.#table.reading;
    const hasHead = this.complete || reading === Reading.body || reading === Reading.bodyUntilFin;
    return hasHead ? this.#table.status[0] : undefined;
  }

  get complete(): boolean {
    return this.#table.replies[0] === 1;
  }

  push(chunk: Buffer): void {
    // What comes behind the reply is none to this request.
    if (!this.complete) this.#reader.read(0, chunk, { at: 0, length: chunk.length, kept: chunk.length });
  }

  /** The server closed the connection in good order: no more bytes will come. */
  end(): void {
    this.#reader.end(0);
  }
}
