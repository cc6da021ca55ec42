import type { Macs, FrameQueue } from './contracts.js';
import { write16, write32 } from './bytes.js';
import { checksumOf, sumOf, sumOf32 } from './checksum.js';

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

/** The headers that all segments from one source address share; the fields that differ are zero. */
interface Template {
  readonly bytes: Buffer;
  /** The sum of the IPv4 header. */
  readonly ipSum: number;
  /** The sum of the TCP pseudo-header. */
  readonly tcpSum: number;
}

const ethernetBytes = 14;
const tcpBytes = 20;
const mssOptionBytes = 4;
const protocolTcp = 6;
const hops = 64;

/**
 * Writes the frames of TCP segments from the sources to the service. Checksums are incremental (RFC 1624): to the sum of a source's template
 * come the words in which the segment differs from it.
 */
export class Frames {
  readonly #outbox: FrameQueue;
  readonly #templates: readonly Template[];
  readonly #ipv4: boolean;
  readonly #tcpAt: number;

  /** All addresses have 4 bytes, or all have 16. */
  constructor(outbox: FrameQueue, macs: Macs, service: Buffer, sources: readonly Buffer[]) {
    this.#outbox = outbox;
    this.#ipv4 = service.length === 4;
    this.#tcpAt = ethernetBytes + (this.#ipv4 ? 20 : 40);
    this.#templates = sources.map((source) => template(macs, source, service));
  }

  /** Writes the segment that carries this part of a payload. */
  write(header: SegmentHeader, part: Readonly<PayloadPart>): void {
    const { length } = part;
    const template = this.#templates[header.source];
    if (template === undefined) return;
    const { bytes } = this.#outbox;
    const at = this.#outbox.reserve();
    const tcp = at + this.#tcpAt;
    bytes.set(template.bytes, at);
    const optionBytes = header.mss > 0 ? mssOptionBytes : 0;
    const tcpLength = tcpBytes + optionBytes + length;
    if (this.#ipv4) this.#finishIpv4(at + ethernetBytes, template, header.identification, tcpLength);
    else write16(bytes, at + ethernetBytes + 4, tcpLength);

    const lengthAndFlags = ((tcpBytes + optionBytes) << 10) | header.flags;
    write16(bytes, tcp, header.sourcePort);
    write16(bytes, tcp + 2, header.destinationPort);
    write32(bytes, tcp + 4, header.sequence);
    write32(bytes, tcp + 8, header.acknowledgement);
    write16(bytes, tcp + 12, lengthAndFlags);
    write16(bytes, tcp + 14, header.window);
    let sum = template.tcpSum + tcpLength + header.sourcePort + header.destinationPort;
    sum += sumOf32(header.sequence) + sumOf32(header.acknowledgement) + lengthAndFlags + header.window;
    if (optionBytes > 0) sum += writeMss(bytes, tcp + tcpBytes, header.mss);
    if (length > 0) sum += writePayload(bytes, tcp + tcpBytes + optionBytes, part);
    write16(bytes, tcp + 16, checksumOf(sum));
    this.#outbox.commit(this.#tcpAt + tcpLength);
  }

  #finishIpv4(ip: number, template: Template, identification: number, tcpLength: number): void {
    const { bytes } = this.#outbox;
    const total = 20 + tcpLength;
    write16(bytes, ip + 2, total);
    write16(bytes, ip + 4, identification);
    write16(bytes, ip + 10, checksumOf(template.ipSum + total + identification));
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

function template(macs: Macs, source: Buffer, service: Buffer): Template {
  const ip = source.length === 4 ? ipv4Header(source, service) : ipv6Header(source, service);
  const etherType = Buffer.from(source.length === 4 ? [0x08, 0x00] : [0x86, 0xdd]);
  return {
    bytes: Buffer.concat([macs.nextHop, macs.own, etherType, ip, Buffer.alloc(tcpBytes)]),
    ipSum: sumOf(ip, 0, ip.length),
    tcpSum: sumOf(source, 0, source.length) + sumOf(service, 0, service.length) + protocolTcp,
  };
}

function ipv4Header(source: Buffer, service: Buffer): Buffer {
  const dontFragment = 0x40;
  const start = [0x45, 0, 0, 0, 0, 0, dontFragment, 0, hops, protocolTcp, 0, 0];
  return Buffer.concat([Buffer.from(start), source, service]);
}

function ipv6Header(source: Buffer, service: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x60, 0, 0, 0, 0, 0, protocolTcp, hops]), source, service]);
}
