import type { CapturedSegment } from '../evidence/types.js';
import type { Sender } from '../scenario/expectation.js';
import { countSegment, noSegments, type SegmentCounts } from './segmentCounts.js';

/** One connection as the client's capture has it. */
export interface ClientView {
  readonly sent: SegmentCounts;
  /** MAC addresses the client's SYNs went to: the director's alone, or ARP for the VIP was answered by another. */
  readonly synsTo: Set<string>;
  /** SYN-ACKs received, and who sent them. */
  synAcks: number;
  synAckFrom: string | undefined;
  /** The server's side sent what only an established connection sends: data, a FIN, or an acknowledgement of data. */
  serverEstablished: boolean;
  /** RSTs received, by who sent them. */
  readonly resets: Map<Sender, number>;
  /** Data that had to be sent again, by either side. */
  retransmissions: number;
  /** Sequence number after the client's SYN, data, FIN; undefined until there is one. */
  afterSyn: number | undefined;
  afterData: number | undefined;
  afterFin: number | undefined;
  /** The highest acknowledgement received from the server's side. */
  acknowledged: number | undefined;
  readonly seen: Set<string>;
}

export function emptyClientView(): ClientView {
  return {
    sent: noSegments(),
    synsTo: new Set(),
    synAcks: 0,
    synAckFrom: undefined,
    serverEstablished: false,
    resets: new Map(),
    retransmissions: 0,
    afterSyn: undefined,
    afterData: undefined,
    afterFin: undefined,
    acknowledged: undefined,
    seen: new Set(),
  };
}

/** Adds the next captured segment of the connection to its view. */
export function addToClientView(
  view: ClientView,
  segment: CapturedSegment,
  fromClient: boolean,
  sender: Sender,
): void {
  if (segment.payloadLength > 0) noteRetransmission(view, segment, fromClient);
  if (fromClient) addSent(view, segment);
  else addReceived(view, segment, sender);
}

/** Whether the server's side acknowledged the client's FIN. */
export function finAcknowledged(view: ClientView): boolean {
  return isAcknowledged(view, view.afterFin);
}

/** Whether the server's side acknowledged all of the client's data. */
export function dataAcknowledged(view: ClientView): boolean {
  return isAcknowledged(view, view.afterData);
}

function addSent(view: ClientView, segment: CapturedSegment): void {
  const { flags, sequence, payloadLength } = segment;
  countSegment(view.sent, segment);
  const end = sequence + payloadLength;
  if (flags.syn) {
    view.synsTo.add(segment.destinationMac);
    view.afterSyn = (sequence + 1) >>> 0;
  }
  if (payloadLength > 0) view.afterData = later(view.afterData, end >>> 0);
  if (flags.fin) view.afterFin = (end + 1) >>> 0;
}

function addReceived(view: ClientView, segment: CapturedSegment, sender: Sender): void {
  const { flags, acknowledgement, payloadLength } = segment;
  if (flags.rst) {
    // Its acknowledgement number takes nothing in: a RST answers what the sender does not want.
    view.resets.set(sender, (view.resets.get(sender) ?? 0) + 1);
    return;
  }
  if (flags.ack) view.acknowledged = later(view.acknowledged, acknowledgement);
  if (flags.syn) {
    view.synAcks += 1;
    view.synAckFrom ??= segment.sourceMac;
  } else if (payloadLength > 0 || flags.fin || isPast(acknowledgement, view.afterSyn)) {
    view.serverEstablished = true;
  }
}

function noteRetransmission(view: ClientView, segment: CapturedSegment, fromClient: boolean): void {
  const name = `${fromClient ? 'client' : 'server'} ${segment.sequence} ${segment.payloadLength}`;
  if (view.seen.has(name)) view.retransmissions += 1;
  view.seen.add(name);
}

function isAcknowledged(view: ClientView, end: number | undefined): boolean {
  if (end === undefined || view.acknowledged === undefined) return false;
  return view.acknowledged === end || isPast(view.acknowledged, end);
}

/** Compares sequence numbers, which wrap round at 2^32 (RFC 9293, section 3.4). */
function isPast(number: number, reference: number | undefined): boolean {
  return reference !== undefined && ((number - reference) | 0) > 0;
}

function later(known: number | undefined, number: number): number {
  return known === undefined || isPast(number, known) ? number : known;
}
