/** How far a client of UDP has come. */
export const enum Stage {
  unopened = 0,
  /** Waits for the reply to its last request. */
  listening = 1,
  /** Lets time pass before its next request. */
  pausing = 2,
  /** Has sent its last request, and waits for all that is still to come. */
  finishing = 3,
  over = 4,
}

/** Requests that one word of the table remembers. */
const wordBits = 32;

/** All that is known of each client, a typed array for each property: a client is an index, and nothing is allocated for it while the load runs. */
export class ClientTable {
  readonly stage: Uint8Array;
  /** Requests that were sent. */
  readonly asked: Uint8Array;
  /** Requests that were answered, each counted once. */
  readonly answered: Uint8Array;
  /** Datagrams of the realserver's own that came. */
  readonly pushed: Uint16Array;
  /** Whether it waited in vain for a reply. */
  readonly waitedInVain: Uint8Array;
  /** Number of the node that sent the last reply; and when that came, in milliseconds of the load's clock. */
  readonly lastBy: Uint8Array;
  readonly lastAt: Float64Array;
  /** When the first request was sent, in milliseconds. */
  readonly openedAt: Float64Array;
  /** A bit for each request that was answered. */
  readonly #replies: Uint32Array;
  readonly #words: number;

  constructor(
    readonly count: number,
    requests: number,
  ) {
    this.stage = new Uint8Array(count);
    this.asked = new Uint8Array(count);
    this.answered = new Uint8Array(count);
    this.pushed = new Uint16Array(count);
    this.waitedInVain = new Uint8Array(count);
    this.lastBy = new Uint8Array(count);
    this.lastAt = new Float64Array(count);
    this.openedAt = new Float64Array(count);
    this.#words = Math.ceil((requests + 1) / wordBits);
    this.#replies = new Uint32Array(count * this.#words);
  }

  get bytes(): number {
    return Object.values(this)
      .filter((value) => ArrayBuffer.isView(value))
      .reduce((sum, array) => sum + array.byteLength, this.#replies.byteLength);
  }

  /** Notes that this request was answered; false: it had been before. */
  noteReply(client: number, sequence: number): boolean {
    const word = client * this.#words + Math.floor(sequence / wordBits);
    const bit = 1 << (sequence % wordBits);
    const before = this.#replies[word] ?? 0;
    if ((before & bit) !== 0) return false;
    this.#replies[word] = before | bit;
    this.answered[client] = (this.answered[client] ?? 0) + 1;
    return true;
  }

  /** Whether the reply to this request has come. */
  hasReply(client: number, sequence: number): boolean {
    const word = client * this.#words + Math.floor(sequence / wordBits);
    return ((this.#replies[word] ?? 0) & (1 << (sequence % wordBits))) !== 0;
  }
}
