import type { FrameQueue, Macs } from './contracts.js';
import { write16 } from './bytes.js';
import { checksumOf, sumOf } from './checksum.js';
import { protocolUdp, udpBytes } from './parseDatagram.js';
import { headersBefore, type Template, templatesOf } from './templates.js';

/** The header of a datagram to be written; one object is used for all of them. */
export class DatagramHeader {
  /** Index of the source address. */
  source = 0;
  sourcePort = 0;
  destinationPort = 0;
  /** The identification field of the IPv4 packet. */
  identification = 0;
}

/** Writes the frames of UDP datagrams from the sources to the service. */
export class DatagramFrames {
  readonly #outbox: FrameQueue;
  readonly #templates: readonly Template[];
  readonly #udpAt: number;

  /** All addresses have 4 bytes, or all have 16. */
  constructor(outbox: FrameQueue, macs: Macs, service: Buffer, sources: readonly Buffer[]) {
    this.#outbox = outbox;
    this.#templates = templatesOf(
      macs,
      { service, sources },
      { protocol: protocolUdp, headerBytes: udpBytes },
    );
    this.#udpAt = headersBefore(service);
  }

  /** Writes the datagram that has this text (latin1), which must fit a frame. */
  write({ source, sourcePort, destinationPort, identification }: DatagramHeader, text: string): void {
    const template = this.#templates[source];
    if (template === undefined) return;
    const { bytes } = this.#outbox;
    const at = this.#outbox.reserve();
    const udp = at + this.#udpAt;
    const length = udpBytes + text.length;
    template.begin(bytes, at, identification, length);
    write16(bytes, udp, sourcePort);
    write16(bytes, udp + 2, destinationPort);
    write16(bytes, udp + 4, length);
    bytes.write(text, udp + udpBytes, 'latin1');
    const sum = template.pseudoSum + length + sumOf(bytes, udp, udp + length);
    // A checksum of 0 would say that there is none (RFC 768).
    write16(bytes, udp + 6, checksumOf(sum) || 0xffff);
    this.#outbox.commit(this.#udpAt + length);
  }
}
