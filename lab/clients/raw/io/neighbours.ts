import type { Family } from '../../../../src/contracts/words/network.js';
import type { FrameQueue } from '../packet/contracts.js';
import { checksumOf, sumOf } from '../packet/checksum.js';
import { addressBytes } from './addresses.js';

export interface NeighboursOptions {
  readonly family: Family;
  readonly mac: Buffer;
  /** The client's own address, from which it asks. */
  readonly address: string;
  /** Addresses for which the agent answers. */
  readonly sources: readonly string[];
  readonly outbox: FrameQueue;
}

/** The part of ARP (RFC 826) or neighbour discovery (RFC 4861) that the flows' addresses need, because no kernel answers for them. */
export interface Neighbours {
  /** Asks for the MAC address of an IP address. */
  ask(target: string): void;
  /** The MAC address in the latest answer; undefined: nobody has answered yet. */
  macOf(target: string): Buffer | undefined;
  /** Handles a frame that is a neighbour's question or answer; returns false for any other frame. */
  receive(bytes: Buffer, offset: number, length: number): boolean;
}

export function makeNeighbours({ family, mac, address, sources, outbox }: NeighboursOptions): Neighbours {
  const client: Client = { mac, own: addressBytes(address), known: new Known(sources), outbox };
  return family === 'ipv4' ? new Arp(client) : new NeighbourDiscovery(client);
}

/** The client as both protocols see it. */
interface Client extends Pick<NeighboursOptions, 'mac' | 'outbox'> {
  /** The bytes of its own address. */
  readonly own: Buffer;
  readonly known: Known;
}

const broadcast = Buffer.alloc(6, 0xff);

/** The addresses to answer for and the MAC addresses learned, both found by the IP address in hexadecimal. */
class Known {
  readonly #mine: ReadonlySet<string>;
  readonly #macs = new Map<string, Buffer>();

  constructor(sources: readonly string[]) {
    this.#mine = new Set(sources.map((source) => addressBytes(source).toString('hex')));
  }

  isMine(address: Buffer): boolean {
    return this.#mine.has(address.toString('hex'));
  }

  learn(address: Buffer, mac: Buffer): void {
    this.#macs.set(address.toString('hex'), Buffer.from(mac));
  }

  macOf(address: string): Buffer | undefined {
    return this.#macs.get(addressBytes(address).toString('hex'));
  }
}

const arp = { type: 0x0806, bytes: 42, request: 1, reply: 2 };

class Arp implements Neighbours {
  constructor(private readonly client: Client) {}

  ask(target: string): void {
    this.#send(arp.request, broadcast, {
      sender: this.client.own,
      targetMac: Buffer.alloc(6),
      target: addressBytes(target),
    });
  }

  macOf(target: string): Buffer | undefined {
    return this.client.known.macOf(target);
  }

  receive(bytes: Buffer, offset: number, length: number): boolean {
    if (length < 14 || bytes.readUInt16BE(offset + 12) !== arp.type) return false;
    if (length < arp.bytes) return true;
    const frame = bytes.subarray(offset, offset + arp.bytes);
    // Ethernet and IPv4, with addresses of 6 and 4 bytes.
    if (frame.readUInt32BE(14) !== 0x0001_0800 || frame.readUInt16BE(18) !== 0x0604) return true;
    const [senderMac, sender, target] = [
      frame.subarray(22, 28),
      frame.subarray(28, 32),
      frame.subarray(38, 42),
    ];
    switch (frame.readUInt16BE(20)) {
      case arp.request:
        if (this.client.known.isMine(target)) {
          this.#send(arp.reply, senderMac, { sender: target, targetMac: senderMac, target: sender });
        }
        break;
      case arp.reply:
        if (target.equals(this.client.own)) this.client.known.learn(sender, senderMac);
        break;
    }
    return true;
  }

  #send(
    operation: number,
    to: Buffer,
    {
      sender,
      targetMac,
      target,
    }: { readonly sender: Buffer; readonly targetMac: Buffer; readonly target: Buffer },
  ): void {
    const { outbox, mac } = this.client;
    const at = outbox.reserve();
    const frame = outbox.bytes.subarray(at, at + arp.bytes);
    ethernet(frame, to, mac, arp.type);
    frame.writeUInt32BE(0x0001_0800, 14);
    frame.writeUInt16BE(0x0604, 18);
    frame.writeUInt16BE(operation, 20);
    frame.set(mac, 22);
    frame.set(sender, 28);
    frame.set(targetMac, 32);
    frame.set(target, 38);
    outbox.commit(arp.bytes);
  }
}

/** Offsets in the frame of a neighbour message. Its one option is the sender's MAC address. */
const discovery = {
  type: 0x86dd,
  icmpv6: 58,
  bytes: 86,
  message: 54,
  target: 62,
  option: 78,
  solicitation: 135,
  advertisement: 136,
  sourceMac: 1,
  targetMac: 2,
  /** Flags of an answer to a question that replaces what was known before. */
  solicitedOverride: 0x6000_0000,
};

class NeighbourDiscovery implements Neighbours {
  constructor(private readonly client: Client) {}

  ask(target: string): void {
    const address = addressBytes(target);
    const group = addressBytes('ff02::1:ff00:0');
    group.set(address.subarray(13), 13);
    this.#send(discovery.solicitation, {
      to: Buffer.concat([Buffer.from([0x33, 0x33]), group.subarray(12)]),
      source: this.client.own,
      destination: group,
      target: address,
    });
  }

  macOf(target: string): Buffer | undefined {
    return this.client.known.macOf(target);
  }

  receive(bytes: Buffer, offset: number, length: number): boolean {
    if (length <= discovery.message || bytes.readUInt16BE(offset + 12) !== discovery.type) return false;
    const frame = bytes.subarray(offset, offset + length);
    const message = frame[discovery.message];
    if (frame[20] !== discovery.icmpv6) return false;
    if (message !== discovery.solicitation && message !== discovery.advertisement) return false;
    // A hop limit below 255: it came through a router, and such messages must not.
    if (length < discovery.option || frame[21] !== 255) return true;
    const target = frame.subarray(discovery.target, discovery.option);
    const sender = frame.subarray(22, 38);
    if (message === discovery.advertisement) this.#learn(frame, target);
    else if (this.client.known.isMine(target) && !isUnspecified(sender)) this.#answer(frame, target, sender);
    return true;
  }

  /** Answers to the MAC address that asked, so that the asker need not be looked up in turn. */
  #answer(frame: Buffer, target: Buffer, asker: Buffer): void {
    this.#send(discovery.advertisement, {
      to: frame.subarray(6, 12),
      source: target,
      destination: asker,
      target,
    });
  }

  #learn(frame: Buffer, target: Buffer): void {
    const { option, targetMac } = discovery;
    if (frame.length >= option + 8 && frame[option] === targetMac) {
      this.client.known.learn(target, frame.subarray(option + 2, option + 8));
    } else {
      // An answer to one asker may leave the option out.
      this.client.known.learn(target, frame.subarray(6, 12));
    }
  }

  #send(
    message: number,
    parts: {
      readonly to: Buffer;
      readonly source: Buffer;
      readonly destination: Buffer;
      readonly target: Buffer;
    },
  ): void {
    const { outbox, mac } = this.client;
    const at = outbox.reserve();
    const frame = outbox.bytes.subarray(at, at + discovery.bytes).fill(0);
    ethernet(frame, parts.to, mac, discovery.type);
    frame.writeUInt8(0x60, 14);
    frame.writeUInt16BE(discovery.bytes - discovery.message, 18);
    frame.writeUInt8(discovery.icmpv6, 20);
    frame.writeUInt8(255, 21);
    frame.set(parts.source, 22);
    frame.set(parts.destination, 38);
    const asks = message === discovery.solicitation;
    frame.writeUInt8(message, discovery.message);
    frame.writeUInt32BE(asks ? 0 : discovery.solicitedOverride, discovery.message + 4);
    frame.set(parts.target, discovery.target);
    frame.writeUInt8(asks ? discovery.sourceMac : discovery.targetMac, discovery.option);
    frame.writeUInt8(1, discovery.option + 1);
    frame.set(mac, discovery.option + 2);
    frame.writeUInt16BE(icmpv6Checksum(frame), discovery.message + 2);
    outbox.commit(discovery.bytes);
  }
}

function ethernet(frame: Buffer, to: Buffer, from: Buffer, type: number): void {
  frame.set(to, 0);
  frame.set(from, 6);
  frame.writeUInt16BE(type, 12);
}

/** Whether a question comes from a host that is still checking whether it may use the address (RFC 4862), and so has none. */
function isUnspecified(address: Buffer): boolean {
  return address.every((byte) => byte === 0);
}

/** The ICMPv6 checksum over both addresses, length, protocol and message (RFC 4443); the message's own checksum must still be zero. */
function icmpv6Checksum(frame: Buffer): number {
  return checksumOf(discovery.icmpv6 + frame.readUInt16BE(18) + sumOf(frame, 22, frame.length));
}
