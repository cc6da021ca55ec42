import type { Sender } from '../../contracts/words/nodes.js';
import type { CapturedSegment } from '../../evidence/model/types.js';
import { countSegment, noSegments, type SegmentCounts } from './segmentCounts.js';
import { isPast, later } from './sequence.js';
import type { MisaddressedReplies } from './misaddressed.js';

/** One connection as the client's capture has it. */
export interface ClientView {
  readonly sent: SegmentCounts;
  /** MAC addresses the client's SYNs went to: a director's or the router's alone, or another answered ARP for them. */
  readonly synsTo: Set<string>;
  /** SYN-ACKs that answer this connection's SYN; when the first one came, from which MAC, and its sequence number. */
  synAcks: number;
  answeredAt: number | undefined;
  synAckFrom: string | undefined;
  serverSequence: number | undefined;
  /** Acknowledgements that came instead of a SYN-ACK: the server's side still holds an earlier connection from this port. */
  strayAcknowledgements: number;
  /** The server's side sent what only an established connection sends: data, a FIN, or an acknowledgement of data. */
  serverEstablished: boolean;
  /** The server's side sent a FIN; the client sent one before it had that. */
  serverFin: boolean;
  closedFirst: boolean;
  /** RSTs received, by who sent them. */
  readonly resets: Map<Sender, number>;
  /** What came from an address that the client had not connected to, by where from. */
  readonly misaddressed: Map<string, MisaddressedReplies>;
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
    answeredAt: undefined,
    synAckFrom: undefined,
    serverSequence: undefined,
    strayAcknowledgements: 0,
    serverEstablished: false,
    serverFin: false,
    closedFirst: false,
    resets: new Map(),
    misaddressed: new Map(),
    retransmissions: 0,
    afterSyn: undefined,
    afterData: undefined,
    afterFin: undefined,
    acknowledged: undefined,
    seen: new Set(),
  };
}

/** Adds the next segment that the client sent on this connection. */
export function addSent(view: ClientView, segment: CapturedSegment): void {
  const { flags, sequence, payloadLength } = segment;
  countSegment(view.sent, segment);
  const end = sequence + payloadLength;
  if (flags.syn) {
    view.synsTo.add(segment.destinationMac);
    view.afterSyn = (sequence + 1) >>> 0;
  }
  if (payloadLength > 0) {
    noteRetransmission(view, segment, 'client');
    view.afterData = later(view.afterData, end >>> 0);
  }
  if (flags.fin) {
    view.afterFin = (end + 1) >>> 0;
    if (!view.serverFin) view.closedFirst = true;
  }
}

/** Adds the next segment that the client received from its port's peer; `resetFrom` says who sent a RST. */
export function addReceived(view: ClientView, segment: CapturedSegment, resetFrom: () => Sender): void {
  if (segment.flags.rst) addReset(view, segment, resetFrom);
  else if (segment.flags.syn) addSynAck(view, segment);
  else if (isOfConnection(view, segment)) addEstablished(view, segment);
  else if (isBareAcknowledgement(segment) && view.answeredAt === undefined) view.strayAcknowledgements += 1;
}

/** Whether the server's side acknowledged the client's FIN. */
export function finAcknowledged(view: ClientView): boolean {
  return isAcknowledged(view, view.afterFin);
}

/** Whether the server's side acknowledged all of the client's data. */
export function dataAcknowledged(view: ClientView): boolean {
  return isAcknowledged(view, view.afterData);
}

/** A RST's acknowledgement number takes nothing in, for it answers what its sender does not want; but it tells whom it answers. */
function addReset(view: ClientView, segment: CapturedSegment, resetFrom: () => Sender): void {
  const { flags, acknowledgement, sequence } = segment;
  const stale = flags.ack
    ? view.afterSyn !== undefined && isPast(view.afterSyn, acknowledgement)
    : view.serverSequence !== undefined && isPast(view.serverSequence, sequence);
  if (stale) return;
  const sender = resetFrom();
  view.resets.set(sender, (view.resets.get(sender) ?? 0) + 1);
}

function addSynAck(view: ClientView, segment: CapturedSegment): void {
  if (view.afterSyn !== undefined && segment.acknowledgement !== view.afterSyn) return;
  view.synAcks += 1;
  view.answeredAt ??= segment.time;
  view.synAckFrom ??= segment.sourceMac;
  view.serverSequence ??= segment.sequence;
  view.acknowledged = later(view.acknowledged, segment.acknowledgement);
}

function addEstablished(view: ClientView, segment: CapturedSegment): void {
  const { flags, acknowledgement, payloadLength } = segment;
  if (payloadLength > 0) noteRetransmission(view, segment, 'server');
  if (flags.ack) view.acknowledged = later(view.acknowledged, acknowledgement);
  if (flags.fin) view.serverFin = true;
  const acknowledgesData = view.afterSyn !== undefined && isPast(acknowledgement, view.afterSyn);
  if (payloadLength > 0 || flags.fin || acknowledgesData) view.serverEstablished = true;
}

/** Without a SYN-ACK, or with a sequence number from before it, a segment is of an earlier connection from the same port. */
function isOfConnection({ afterSyn, serverSequence }: ClientView, { sequence }: CapturedSegment): boolean {
  if (serverSequence === undefined) return afterSyn === undefined;
  return !isPast(serverSequence, sequence);
}

function isBareAcknowledgement({ flags, payloadLength }: CapturedSegment): boolean {
  return flags.ack && !flags.fin && payloadLength === 0;
}

function noteRetransmission(view: ClientView, segment: CapturedSegment, side: 'client' | 'server'): void {
  const name = `${side} ${segment.sequence} ${segment.payloadLength}`;
  if (view.seen.has(name)) view.retransmissions += 1;
  view.seen.add(name);
}

function isAcknowledged({ acknowledged }: ClientView, end: number | undefined): boolean {
  return end !== undefined && acknowledged !== undefined && !isPast(end, acknowledged);
}
