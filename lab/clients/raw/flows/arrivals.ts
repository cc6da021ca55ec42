import type { Traffic } from '../measure/traffic.js';
import { FrameKind, Packet } from '../packet/packet.js';
import { parseFrame } from '../packet/parseFrame.js';
import { noFlow, noSource, type Addressing } from './addressing.js';

/** What flows take of what comes: frames of this kind, and errors that quote packets of this protocol. */
interface Wanted {
  readonly kind: FrameKind.segment | FrameKind.datagram;
  readonly protocol: number;
}

/** There is nothing for a flow. */
const nobody = -1;

/** Reads what arrives, counts it, and tells which flow it is for. */
export class Arrivals {
  /** What arrived last. */
  readonly packet = new Packet();
  /** Whether that is an ICMP error about a packet of the flow's, and no packet for it. */
  isError = false;
  readonly #wanted: Wanted;
  readonly #addressing: Addressing;
  readonly #traffic: Traffic;
  readonly #isOpened: (flow: number) => boolean;

  constructor(
    wanted: Wanted,
    { addressing, traffic }: { readonly addressing: Addressing; readonly traffic: Traffic },
    isOpened: (flow: number) => boolean,
  ) {
    this.#wanted = wanted;
    this.#addressing = addressing;
    this.#traffic = traffic;
    this.#isOpened = isOpened;
  }

  /** The flow that the frame is for, or a negative number. */
  take(bytes: Buffer, offset: number, length: number): number {
    const kind = parseFrame(this.packet, bytes, offset, length);
    if (kind === this.#wanted.kind) return this.#ofPacket();
    if (kind === FrameKind.icmpError && this.packet.protocol === this.#wanted.protocol)
      return this.#ofError();
    if (kind === FrameKind.malformed) this.#traffic.unreadable += 1;
    return nobody;
  }

  #ofPacket(): number {
    const { packet } = this;
    const { bytes, addressBytes, destinationAt, destinationPort } = packet;
    const flow = this.#addressing.flowOf(bytes, destinationAt, addressBytes, destinationPort);
    if (flow === noSource) return nobody;
    if (!this.#isKnown(flow) || !this.#addressing.isFromPeer(flow, packet)) return this.#unreadable();
    this.#traffic.received += 1;
    this.isError = false;
    return flow;
  }

  #ofError(): number {
    const { packet } = this;
    const { bytes, addressBytes, sourceAt, sourcePort } = packet;
    const flow = this.#addressing.flowOf(bytes, sourceAt, addressBytes, sourcePort);
    if (flow === noSource) return nobody;
    if (!this.#isKnown(flow) || !this.#addressing.isForPeer(flow, packet)) return this.#unreadable();
    this.#traffic.received += 1;
    this.#traffic.countIcmp(packet.icmpType, packet.icmpCode);
    this.isError = true;
    return flow;
  }

  #isKnown(flow: number): boolean {
    return flow !== noFlow && this.#isOpened(flow);
  }

  #unreadable(): number {
    this.#traffic.unreadable += 1;
    return nobody;
  }
}
