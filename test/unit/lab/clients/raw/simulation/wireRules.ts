import type { FlowProfile } from '../../../../../../src/contracts/agents/flowProfile.js';
import { addressText, type WireSegment } from './wireFormat.js';

const modulo = (value: number): number => ((value % 2 ** 32) + 2 ** 32) % 2 ** 32;

interface Stream {
  readonly initial: number;
  /** Positions in the client's stream: what was sent; what the server acknowledged; how far its window reaches. */
  sent: number;
  acknowledged: number;
  rightEdge: number;
  finAt: number | undefined;
  /** Of the server's stream. */
  serverInitial: number | undefined;
  serverEnd: number;
  ownAcknowledged: number;
}

/** Holds every segment of a client against what TCP allows it at that moment; throws for what it does not. */
export class WireRules {
  readonly #profile: FlowProfile;
  readonly #streams = new Map<string, Stream>();

  constructor(profile: FlowProfile) {
    this.#profile = profile;
  }

  sent(segment: WireSegment, now: number): void {
    const key = `${segment.source} ${segment.sourcePort}`;
    const fault = (text: string): never => {
      throw new Error(`${key} at ${now.toFixed(1)} ms: ${text}, ${[...segment.flags].join('+')}`);
    };
    if (!this.#profile.ports.includes(segment.destinationPort)) fault(`port ${segment.destinationPort}`);
    const { flags, payload } = segment;
    if (flags.has('syn')) {
      this.#checkSyn(key, segment, fault);
      return;
    }
    const stream = this.#streams.get(key);
    if (stream === undefined) return fault('a segment before the SYN');
    if (flags.has('rst') && !flags.has('ack')) return;
    if (!flags.has('ack')) fault('no ACK');
    if (segment.options.length > 0) fault('options');
    if (segment.window !== (flags.has('rst') ? 0 : 65_535)) fault(`window ${segment.window}`);
    const from = modulo(segment.sequence - stream.initial);
    const to = from + payload.length + (flags.has('fin') ? 1 : 0);
    if (payload.length > this.#profile.mss) fault(`${payload.length} bytes`);
    if (from > stream.sent) fault(`a gap from ${stream.sent} to ${from}`);
    if (to > stream.sent) {
      if (stream.finAt !== undefined) fault('more behind the FIN');
      if (to > stream.rightEdge) fault(`${to} is beyond the window's edge ${stream.rightEdge}`);
      if (to - stream.acknowledged > 10 * this.#profile.mss) fault('too much in flight');
      stream.sent = to;
      if (flags.has('fin')) stream.finAt = to - 1;
    } else if (flags.has('fin') && to - 1 !== stream.finAt) {
      fault('a FIN at another place');
    }
    this.#checkAcknowledgement(stream, segment, fault);
  }

  /** A frame that reached the client. */
  received(frame: Buffer): void {
    const isIpv4 = frame.readUInt16BE(12) === 0x0800;
    const packet = frame.subarray(14);
    if (packet[isIpv4 ? 9 : 6] !== 6) return;
    const tcp = packet.subarray(isIpv4 ? 20 : 40);
    const client = addressText(isIpv4 ? packet.subarray(16, 20) : packet.subarray(24, 40));
    const stream = this.#streams.get(`${client} ${tcp.readUInt16BE(2)}`);
    const flags = tcp[13]!;
    if (stream === undefined || (flags & 0x10) === 0 || (flags & 0x04) !== 0) return;
    const acknowledged = modulo(tcp.readUInt32BE(8) - stream.initial);
    if (acknowledged > stream.sent) return;
    stream.acknowledged = Math.max(stream.acknowledged, acknowledged);
    stream.rightEdge = Math.max(stream.rightEdge, acknowledged + tcp.readUInt16BE(14));
    const sequence = tcp.readUInt32BE(4);
    if ((flags & 0x02) !== 0) stream.serverInitial ??= sequence;
    if (stream.serverInitial === undefined) return;
    const length = tcp.length - (tcp[12]! >> 4) * 4 + (flags & 0x01) + ((flags & 0x02) >> 1);
    const end = modulo(sequence + length - stream.serverInitial);
    if (end < 2 ** 31) stream.serverEnd = Math.max(stream.serverEnd, end);
  }

  #checkSyn(key: string, segment: WireSegment, fault: (text: string) => never): void {
    const mss = Buffer.from([2, 4, this.#profile.mss >> 8, this.#profile.mss & 0xff]);
    if (segment.flags.size !== 1 || segment.payload.length > 0) fault('more than a SYN');
    if (!segment.options.equals(mss)) fault(`options ${segment.options.toString('hex')}`);
    const before = this.#streams.get(key);
    if (before?.initial === segment.sequence) return;
    const distance = before === undefined ? 1 : modulo(segment.sequence - before.initial);
    if (distance <= (before?.sent ?? 0) || distance >= 2 ** 31)
      fault('a SYN that is not beyond the old connection');
    this.#streams.set(key, {
      initial: segment.sequence,
      sent: 1,
      acknowledged: 0,
      rightEdge: 0,
      finAt: undefined,
      serverInitial: undefined,
      serverEnd: 0,
      ownAcknowledged: 0,
    });
  }

  #checkAcknowledgement(stream: Stream, segment: WireSegment, fault: (text: string) => never): void {
    if (stream.serverInitial === undefined) return fault('an ACK before the SYN-ACK');
    const acknowledged = modulo(segment.acknowledgement - stream.serverInitial);
    if (acknowledged > stream.serverEnd) fault('an ACK for what never came');
    if (acknowledged < stream.ownAcknowledged) fault('an ACK taken back');
    stream.ownAcknowledged = acknowledged;
  }
}
