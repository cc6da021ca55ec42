import type { Macs, FrameQueue } from './contracts.js';
import { write16, write32 } from './bytes.js';
import { checksumOf, sumOf, sumOf32 } from './checksum.js';
import { protocolTcp } from './parseIcmp.js';
import { headersBefore, type Template, templatesOf } from './templates.js';

/** The text of a request: a head, followed by zeros. A segment carries a part of it. */
export interface Payload {
  readonly head: Buffer;
  /** The sum of the whole head, made by `sumOf`. */
  readonly headSum: number;
  /** Length of head and zeros together, in bytes. */
  readonly length: number;
}

/** The part of a payload that a segment carries; one object is used for all of them. */
export class PayloadPart {
  /** Undefined: nothing. */
  payload: Payload | undefined = undefined;
  from = 0;
  length = 0;
}

/** The part of a segment without payload. */
export const noPayload: Readonly<PayloadPart> = new PayloadPart();

/** The header of a segment to be written; one object is used for all of them. */
export class SegmentHeader {
  /** Index of the source address. */
  source = 0;
  sourcePort = 0;
  destinationPort = 0;
  /** The identification field of the IPv4 packet. */
  identification = 0;
  sequence = 0;
  acknowledgement = 0;
  flags = 0;
  window = 0;
  /** The maximum segment size to announce in an option; 0: no option. */
  mss = 0;
}

const tcpBytes = 20;
const mssOptionBytes = 4;

/**
 * Writes the frames of TCP segments from the sources to the service. Checksums are incremental (RFC 1624): to the sum of a source's template
 * come the words in which the segment differs from it.
 */
export class SegmentFrames {
  readonly #outbox: FrameQueue;
  readonly #templates: readonly Template[];
  readonly #tcpAt: number;

  /** All addresses have 4 bytes, or all have 16. */
  constructor(outbox: FrameQueue, macs: Macs, service: Buffer, sources: readonly Buffer[]) {
    this.#outbox = outbox;
    this.#templates = templatesOf(
      macs,
      { service, sources },
      { protocol: protocolTcp, headerBytes: tcpBytes },
    );
    this.#tcpAt = headersBefore(service);
  }

  /** Writes the segment that carries this part of a payload. */
  write(header: SegmentHeader, part: Readonly<PayloadPart>): void {
    const { length } = part;
    const template = this.#templates[header.source];
    if (template === undefined) return;
    const { bytes } = this.#outbox;
    const at = this.#outbox.reserve();
    const tcp = at + this.#tcpAt;
    const optionBytes = header.mss > 0 ? mssOptionBytes : 0;
    const tcpLength = tcpBytes + optionBytes + length;
    template.begin(bytes, at, header.identification, tcpLength);
    const lengthAndFlags = ((tcpBytes + optionBytes) << 10) | header.flags;
    write16(bytes, tcp, header.sourcePort);
    write16(bytes, tcp + 2, header.destinationPort);
    write32(bytes, tcp + 4, header.sequence);
    write32(bytes, tcp + 8, header.acknowledgement);
    write16(bytes, tcp + 12, lengthAndFlags);
    write16(bytes, tcp + 14, header.window);
    let sum = template.pseudoSum + tcpLength + header.sourcePort + header.destinationPort;
    sum += sumOf32(header.sequence) + sumOf32(header.acknowledgement) + lengthAndFlags + header.window;
    if (optionBytes > 0) sum += writeMss(bytes, tcp + tcpBytes, header.mss);
    if (length > 0) sum += writePayload(bytes, tcp + tcpBytes + optionBytes, part);
    write16(bytes, tcp + 16, checksumOf(sum));
    this.#outbox.commit(this.#tcpAt + tcpLength);
  }
}

/** Writes the option and returns the sum of its words. */
function writeMss(bytes: Buffer, at: number, mss: number): number {
  const kindAndLength = 0x0204;
  write16(bytes, at, kindAndLength);
  write16(bytes, at + 2, mss);
  return kindAndLength + mss;
}

/** Writes a part of the payload and returns the sum of its words. */
function writePayload(bytes: Buffer, at: number, { payload, from, length }: Readonly<PayloadPart>): number {
  if (payload === undefined) return 0;
  const { head, headSum } = payload;
  const headBytes = Math.max(0, Math.min(length, head.length - from));
  if (headBytes > 0) head.copy(bytes, at, from, from + headBytes);
  if (length > headBytes) bytes.fill(0, at + headBytes, at + length);
  return headBytes === head.length ? headSum : sumOf(bytes, at, at + headBytes);
}
