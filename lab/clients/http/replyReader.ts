/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices into the typed arrays are in range by construction */

/** Where the reading of each flow's replies stands: an array for each property, so that nothing is allocated for a flow. */
export interface ReplyTable {
  readonly reading: Uint8Array;
  readonly matched: Uint8Array;
  readonly bodyLeft: Int32Array;
  /** How many replies of the current connection have arrived complete. */
  readonly replies: Uint8Array;
  /** Status of the last reply whose status line has arrived; left out when nobody asks for it. */
  readonly status?: Uint16Array;
}

/** What is being read of a flow's reply. The numbers are compared: those of the head are below those of the body. */
export const enum Reading {
  /** Before the status line. */
  statusLine = 0,
  lineStart = 1,
  headerName = 2,
  headerValue = 3,
  restOfLine = 4,
  body = 5,
  /** There is no Content-Length: the body goes on until the server's FIN. */
  bodyUntilFin = 6,
  /** The text is not HTTP: such a reply never becomes complete. */
  unknown = 7,
}

/** A piece of a reply: `length` bytes, of which the first `kept` are in a buffer from the index `at` on. */
export interface ReplyPiece {
  readonly at: number;
  readonly length: number;
  readonly kept: number;
}

const statusStart = bytesOf('HTTP/1.');
const lengthName = bytesOf('content-length:');
/** Offset at which the status has been read: `HTTP/1.`, a digit, a space and three digits. */
const statusEnd = statusStart.length + 5;
const noLength = -1;
const mostLength = 2 ** 31 - 1;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const tab = 0x09;
const digit0 = 0x30;

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

/**
 * Reads HTTP/1.1 replies as their bytes come, in pieces of any size, with a few bytes of memory for each flow. Knows replies with a
 * Content-Length, and replies that end with the connection; the lab's realservers send no others.
 */
export class ReplyReader {
  readonly #table: ReplyTable;

  constructor(table: ReplyTable) {
    this.#table = table;
  }

  /** Prepares for the first reply on a flow's connection. */
  begin(flow: number): void {
    this.#table.reading[flow] = Reading.statusLine;
    this.#table.matched[flow] = 0;
    this.#table.bodyLeft[flow] = noLength;
    this.#table.replies[flow] = 0;
  }

  /** Reads a piece. Returns how many of its bytes were read: less than its length where a head goes on behind what was kept. */
  read(flow: number, bytes: Buffer, piece: ReplyPiece): number {
    const table = this.#table;
    const { at, length, kept } = piece;
    let done = 0;
    while (done < length) {
      const reading = table.reading[flow]!;
      if (reading >= Reading.bodyUntilFin) return length;
      if (reading === Reading.body) {
        const left = table.bodyLeft[flow]!;
        const part = Math.min(left, length - done);
        done += part;
        table.bodyLeft[flow] = left - part;
        if (part === left) this.#complete(flow);
      } else {
        const end = Math.min(kept, length);
        if (done >= end) return done;
        done = this.#readHead(flow, bytes, at + done, at + end) - at;
      }
    }
    return done;
  }

  /** Tells the reader that the server has closed: a body without Content-Length ends here. */
  end(flow: number): void {
    if (this.#table.reading[flow] === Reading.bodyUntilFin) this.#complete(flow);
  }

  /** Reads the head until it ends or the bytes do; returns the index that it has reached. */
  #readHead(flow: number, bytes: Buffer, from: number, end: number): number {
    const { reading } = this.#table;
    let index = from;
    while (index < end && reading[flow]! < Reading.body) {
      // Most of a head is of no interest.
      if (reading[flow] === Reading.restOfLine) {
        while (index < end - 1 && bytes[index] !== lineFeed) index += 1;
      }
      this.#readByte(flow, bytes[index]!);
      index += 1;
    }
    return index;
  }

  #readByte(flow: number, byte: number): void {
    const table = this.#table;
    const matched = table.matched[flow]!;
    switch (table.reading[flow]!) {
      case Reading.statusLine:
        if (!isOfStatus(byte, matched)) {
          table.reading[flow] = Reading.unknown;
          return;
        }
        // The last three are the status.
        if (table.status !== undefined && matched >= statusEnd - 3) {
          table.status[flow] = (table.status[flow]! % 100) * 10 + byte - digit0;
        }
        if (matched + 1 < statusEnd) table.matched[flow] = matched + 1;
        else table.reading[flow] = Reading.restOfLine;
        return;
      case Reading.lineStart:
        if (byte === carriageReturn) return;
        if (byte === lineFeed) {
          this.#headRead(flow);
          return;
        }
        table.reading[flow] = Reading.headerName;
        table.matched[flow] = 0;
        this.#readName(flow, byte, 0);
        return;
      case Reading.headerName:
        this.#readName(flow, byte, matched);
        return;
      case Reading.headerValue:
        this.#readLength(flow, byte);
        return;
      default:
        if (byte === lineFeed) table.reading[flow] = Reading.lineStart;
    }
  }

  #readName(flow: number, byte: number, matched: number): void {
    const table = this.#table;
    const lower = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
    if (byte === lineFeed) {
      table.reading[flow] = Reading.lineStart;
    } else if (lower !== lengthName[matched]) {
      table.reading[flow] = Reading.restOfLine;
    } else if (matched + 1 < lengthName.length) {
      table.matched[flow] = matched + 1;
    } else {
      table.reading[flow] = Reading.headerValue;
      table.bodyLeft[flow] = noLength;
    }
  }

  #readLength(flow: number, byte: number): void {
    const table = this.#table;
    const digit = byte - digit0;
    if (digit >= 0 && digit <= 9) {
      const length = Math.max(table.bodyLeft[flow]!, 0) * 10 + digit;
      table.bodyLeft[flow] = Math.min(length, mostLength);
    } else if (byte === lineFeed) {
      table.reading[flow] = Reading.lineStart;
    } else if (byte !== space && byte !== tab && byte !== carriageReturn) {
      table.bodyLeft[flow] = noLength;
      table.reading[flow] = Reading.restOfLine;
    }
  }

  #headRead(flow: number): void {
    const length = this.#table.bodyLeft[flow]!;
    if (length === 0) this.#complete(flow);
    else this.#table.reading[flow] = length === noLength ? Reading.bodyUntilFin : Reading.body;
  }

  #complete(flow: number): void {
    const table = this.#table;
    table.replies[flow] = table.replies[flow]! + 1;
    table.reading[flow] = Reading.statusLine;
    table.matched[flow] = 0;
    table.bodyLeft[flow] = noLength;
  }
}

function isOfStatus(byte: number, position: number): boolean {
  if (position < statusStart.length) return byte === statusStart[position];
  if (position === statusStart.length + 1) return byte === space;
  return byte >= digit0 && byte <= digit0 + 9;
}
