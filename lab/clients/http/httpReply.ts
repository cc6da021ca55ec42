const endOfHead = Buffer.from('\r\n\r\n');

/**
 * Watches an HTTP/1.1 reply arrive. Knows replies with a Content-Length, and replies that end with the connection; the lab's
 * realservers send no others.
 */
export class HttpReply {
  #head: Buffer = Buffer.alloc(0);
  #status: number | undefined;
  #contentLength: number | undefined;
  #headComplete = false;
  #bodyBytes = 0;
  #ended = false;

  /** Status of the status line; undefined until the whole head has come, or when it is no HTTP. */
  get status(): number | undefined {
    return this.#status;
  }

  get complete(): boolean {
    if (!this.#headComplete || this.#status === undefined) return false;
    return this.#contentLength === undefined ? this.#ended : this.#bodyBytes >= this.#contentLength;
  }

  push(chunk: Buffer): void {
    if (this.#headComplete) {
      this.#bodyBytes += chunk.length;
      return;
    }
    this.#head = Buffer.concat([this.#head, chunk]);
    const end = this.#head.indexOf(endOfHead);
    if (end < 0) return;
    this.#headComplete = true;
    this.#bodyBytes = this.#head.length - end - endOfHead.length;
    this.#readHead(this.#head.subarray(0, end).toString('latin1'));
  }

  /** The connection ended in good order: no more will come. */
  end(): void {
    this.#ended = true;
  }

  #readHead(head: string): void {
    const status = /^HTTP\/1\.[01] (\d{3})\b/.exec(head);
    this.#status = status === null ? undefined : Number(status[1]);
    const length = /^content-length:\s*(\d+)\s*$/im.exec(head);
    this.#contentLength = length === null ? undefined : Number(length[1]);
  }
}
