/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices into the typed arrays are in range by construction */
import type { Packet } from '../packet/packet.js';
import { endsOpening } from '../packet/icmpTypes.js';
import { TcpFlag } from '../packet/tcpFlags.js';
import type { TimerPolicy } from './timerPolicy.js';
import { FlowState, FlowFlag, type FlowTable } from '../flows/flowTable.js';
import type { FlowCounters } from '../flows/flowCounters.js';
import type { ReplyReader } from '../../http/replyReader.js';
import { ownWindow, type Segments } from './segments.js';
import type { Sending } from './sending.js';
import { distance, plus } from './sequence.js';
import type { FlowSteps } from './flowSteps.js';

/** At most one answer in this many milliseconds to what nobody asked for (tcp_invalid_ratelimit): two such ends would go on for ever. */
const challengeMilliseconds = 500;
/** The maximum segment size of a peer that does not announce one (RFC 9293, 3.7.1). */
const defaultMss = { ipv4: 536, ipv6: 1220 };

export interface ReceivingParts {
  readonly table: FlowTable;
  readonly segments: Segments;
  readonly sending: Sending;
  readonly replies: ReplyReader;
  readonly timerPolicy: TimerPolicy;
  readonly flowCounters: FlowCounters;
  readonly flowSteps: FlowSteps;
}

/** Processes what arrives for a flow: the receiving side of RFC 9293, for segments in order only. */
export class Receiving {
  readonly #parts: ReceivingParts;
  readonly #table: FlowTable;
  readonly #mss: number;
  readonly #isIpv4: boolean;
  /** One object is used for all segments. */
  readonly #piece = { at: 0, length: 0, kept: 0 };

  /** `mss`: the most payload that the client puts into a segment, even if the peer would take more. */
  constructor(parts: ReceivingParts, mss: number, isIpv4: boolean) {
    this.#parts = parts;
    this.#table = parts.table;
    this.#mss = mss;
    this.#isIpv4 = isIpv4;
  }

  /** Processes a segment for a flow that has been opened. */
  segment(flow: number, packet: Packet, now: number): void {
    const state = this.#table.state[flow]!;
    if (state === FlowState.connected) this.#whileConnected(flow, packet, now);
    else if (state === FlowState.synSent) this.#whileOpening(flow, packet, now);
    else this.#afterwards(flow, packet);
  }

  /** Processes an ICMP error that quotes a segment of the flow. Once a connection is open such errors change nothing, as in Linux. */
  icmpError(flow: number, packet: Packet): void {
    const table = this.#table;
    if (table.state[flow] !== FlowState.synSent || packet.sequence !== table.initial[flow]) return;
    if (endsOpening(this.#isIpv4, packet.icmpType, packet.icmpCode)) this.#endWith(flow, FlowState.refused);
  }

  #whileOpening(flow: number, packet: Packet, now: number): void {
    const { segments, timerPolicy, flowCounters, flowSteps } = this.#parts;
    const table = this.#table;
    const isAcknowledging = (packet.flags & TcpFlag.ack) !== 0;
    if (isAcknowledging && distance(table.initial[flow]!, packet.acknowledgement) !== 1) {
      if ((packet.flags & TcpFlag.rst) !== 0) return;
      segments.refuse(flow, packet.acknowledgement);
      timerPolicy.hasten(flow, now);
      return;
    }
    if (!isAcknowledging) return;
    if ((packet.flags & TcpFlag.rst) !== 0) {
      this.#endWith(flow, FlowState.refused);
      return;
    }
    if ((packet.flags & TcpFlag.syn) === 0) return;
    flowCounters.connected(flow, now);
    timerPolicy.afterHandshake(flow, now - table.openedAt[flow]!);
    table.state[flow] = FlowState.connected;
    table.acknowledged[flow] = 1;
    table.expected[flow] = plus(packet.sequence, 1);
    table.window[flow] = packet.window;
    const offered = packet.mss > 0 ? packet.mss : defaultMss[this.#isIpv4 ? 'ipv4' : 'ipv6'];
    table.mss[flow] = Math.min(offered, this.#mss);
    this.#progress(flow, now);
    // A kernel's connect() is over before the first write: the ACK goes ahead of the request.
    segments.ack(flow);
    flowSteps.goOn(flow, now);
  }

  #whileConnected(flow: number, packet: Packet, now: number): void {
    const table = this.#table;
    const ahead = distance(table.expected[flow]!, packet.sequence);
    if ((packet.flags & TcpFlag.rst) !== 0) {
      // RFC 5961: only the very next sequence number is proof enough.
      if (ahead === 0) this.#endWith(flow, FlowState.reset);
      else if (ahead > 0 && ahead <= ownWindow) this.#challenge(flow, now);
      return;
    }
    if ((packet.flags & TcpFlag.syn) !== 0) {
      // The client's ACK of the SYN-ACK got lost, or somebody guesses.
      if (ahead === -1) this.#parts.segments.ack(flow);
      else this.#challenge(flow, now);
      return;
    }
    if ((packet.flags & TcpFlag.ack) === 0) return;
    const length = packet.payloadLength + ((packet.flags & TcpFlag.fin) === 0 ? 0 : 1);
    const acknowledged = distance(table.initial[flow]!, packet.acknowledgement);
    const isInWindow = ahead <= ownWindow && ahead + length >= -ownWindow;
    if (!isInWindow || acknowledged > table.sent[flow]!) {
      this.#challenge(flow, now);
      return;
    }
    table.flags[flow]! |= FlowFlag.heard;
    table.activeAt[flow] = now;
    if (ahead >= 0 && acknowledged >= table.acknowledged[flow]!) this.#takeWindow(flow, packet.window);
    if (acknowledged > table.acknowledged[flow]!) this.#takeAcknowledgement(flow, acknowledged, now);
    if (length > 0) this.#takeStream(flow, packet, ahead, now);
    else if (ahead < 0) this.#challenge(flow, now);
    this.#closeIfBothHave(flow, now);
    this.#parts.flowSteps.goOn(flow, now);
  }

  #takeWindow(flow: number, size: number): void {
    const { window } = this.#table;
    if (window[flow] === 0 && size > 0) this.#parts.timerPolicy.restart(flow);
    window[flow] = size;
  }

  #takeAcknowledgement(flow: number, acknowledged: number, now: number): void {
    const { timerPolicy, sending } = this.#parts;
    const table = this.#table;
    table.acknowledged[flow] = acknowledged;
    if (table.next[flow]! < acknowledged) table.next[flow] = acknowledged;
    const hasFin = (table.flags[flow]! & FlowFlag.finQueued) !== 0;
    if (hasFin && acknowledged === sending.streamEnd(flow)) table.flags[flow]! |= FlowFlag.finAcked;
    timerPolicy.restart(flow);
    this.#progress(flow, now);
  }

  /** Processes payload and FIN; `ahead` is how many bytes the segment begins after the next expected one. */
  #takeStream(flow: number, packet: Packet, ahead: number, now: number): void {
    const { replies, flowCounters } = this.#parts;
    const table = this.#table;
    table.flags[flow]! |= FlowFlag.ackOwed;
    const isNew =
      ahead <= 0 && ahead + packet.payloadLength + ((packet.flags & TcpFlag.fin) === 0 ? 0 : 1) > 0;
    if (!isNew || (table.flags[flow]! & FlowFlag.peerFin) !== 0) return;
    const fresh = packet.payloadLength + ahead;
    const piece = this.#piece;
    piece.at = packet.payloadAt - ahead;
    piece.length = fresh;
    piece.kept = packet.payloadKept + ahead;
    const read = fresh > 0 ? replies.read(flow, packet.bytes, piece) : 0;
    // What was cut off of a head is not acknowledged, so that the peer sends it again.
    table.expected[flow] = plus(table.expected[flow]!, read);
    if (read > 0) flowCounters.answered(flow, now);
    if ((packet.flags & TcpFlag.fin) !== 0 && read === fresh) {
      table.expected[flow] = plus(table.expected[flow], 1);
      table.flags[flow]! |= FlowFlag.peerFin;
      replies.end(flow);
    }
    this.#progress(flow, now);
  }

  #closeIfBothHave(flow: number, now: number): void {
    const both = FlowFlag.finAcked | FlowFlag.peerFin;
    if ((this.#table.flags[flow]! & both) === both) this.#parts.flowCounters.bothClosed(flow, now);
  }

  /** Answers a segment after the connection's end, as a kernel does in TIME-WAIT, or for a connection that it does not know. */
  #afterwards(flow: number, packet: Packet): void {
    const { segments } = this.#parts;
    const table = this.#table;
    if ((packet.flags & TcpFlag.rst) !== 0) return;
    if (table.state[flow] === FlowState.closed && (table.flags[flow]! & FlowFlag.byReset) === 0) {
      const isAsking = packet.payloadLength > 0 || (packet.flags & (TcpFlag.fin | TcpFlag.syn)) !== 0;
      if (isAsking) segments.ack(flow);
    } else if ((packet.flags & TcpFlag.ack) !== 0) {
      segments.refuse(flow, packet.acknowledgement);
    }
  }

  #endWith(flow: number, state: FlowState.reset | FlowState.refused): void {
    const { flowCounters, timerPolicy } = this.#parts;
    if (state === FlowState.reset) flowCounters.reset(flow);
    else flowCounters.refused(flow);
    timerPolicy.restart(flow);
    flowCounters.settle(flow);
  }

  /** Notes that the flow makes progress, even if it had been given up. */
  #progress(flow: number, now: number): void {
    this.#table.flags[flow] = (this.#table.flags[flow]! | FlowFlag.heard) & ~FlowFlag.gaveUp;
    this.#table.activeAt[flow] = now;
  }

  #challenge(flow: number, now: number): void {
    const { challenged } = this.#table;
    // Never 0, which stands for none yet.
    const period = (Math.floor(now / challengeMilliseconds) % 0xffff) + 1;
    if (challenged[flow] === period) return;
    challenged[flow] = period;
    this.#parts.segments.ack(flow);
  }
}
