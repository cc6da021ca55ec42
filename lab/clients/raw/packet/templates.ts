import type { Macs } from './contracts.js';
import { write16 } from './bytes.js';
import { checksumOf, sumOf } from './checksum.js';

interface Endpoints {
  /** The service's address; all addresses have 4 bytes, or all have 16. */
  readonly service: Buffer;
  readonly sources: readonly Buffer[];
}

/** What is above IP: its protocol's number, and the bytes of its header that the template leaves room for. */
interface TransportHeader {
  readonly protocol: number;
  readonly headerBytes: number;
}

const ethernetBytes = 14;
const hops = 64;

/** The templates of packets to the service, one for each source. */
export function templatesOf(
  macs: Macs,
  { service, sources }: Endpoints,
  above: TransportHeader,
): readonly Template[] {
  return sources.map((source) => new Template(macs, source, service, above));
}

/** Bytes of a frame before what is above IP. */
export function headersBefore(service: Buffer): number {
  return ethernetBytes + (service.length === 4 ? 20 : 40);
}

/** The headers that all packets from one source address share; the fields that differ are zero. */
export class Template {
  readonly bytes: Buffer;
  /** The sum of the pseudo-header that checksums above IP begin with, without the length. */
  readonly pseudoSum: number;
  readonly #isIpv4: boolean;
  readonly #ipSum: number;

  constructor(macs: Macs, source: Buffer, service: Buffer, { protocol, headerBytes }: TransportHeader) {
    this.#isIpv4 = source.length === 4;
    const ip = this.#isIpv4 ? ipv4Header(protocol, source, service) : ipv6Header(protocol, source, service);
    const etherType = Buffer.from(this.#isIpv4 ? [0x08, 0x00] : [0x86, 0xdd]);
    this.bytes = Buffer.concat([macs.nextHop, macs.own, etherType, ip, Buffer.alloc(headerBytes)]);
    this.pseudoSum = sumOf(source, 0, source.length) + sumOf(service, 0, service.length) + protocol;
    this.#ipSum = sumOf(ip, 0, ip.length);
  }

  /** Begins a frame at this place of `bytes`, with `length` bytes above IP; `identification` is a field of IPv4. */
  begin(bytes: Buffer, at: number, identification: number, length: number): void {
    bytes.set(this.bytes, at);
    const ip = at + ethernetBytes;
    if (!this.#isIpv4) {
      write16(bytes, ip + 4, length);
      return;
    }
    const total = 20 + length;
    write16(bytes, ip + 2, total);
    write16(bytes, ip + 4, identification);
    write16(bytes, ip + 10, checksumOf(this.#ipSum + total + (identification & 0xffff)));
  }
}

function ipv4Header(protocol: number, source: Buffer, service: Buffer): Buffer {
  const dontFragment = 0x40;
  const start = [0x45, 0, 0, 0, 0, 0, dontFragment, 0, hops, protocol, 0, 0];
  return Buffer.concat([Buffer.from(start), source, service]);
}

function ipv6Header(protocol: number, source: Buffer, service: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x60, 0, 0, 0, 0, 0, protocol, hops]), source, service]);
}
