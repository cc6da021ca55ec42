import type { ConnectionEnd } from '../../contracts/words/connections.js';
import type { Sender } from '../../contracts/words/nodes.js';
import type { CapturedSegment } from '../../evidence/model/evidence.js';
import type { ClassifiedSegment } from './classifiedCaptures.js';
import type { LabNodes } from './labNodes.js';
import { countSegment, noSegments, type SegmentCounts } from './segmentCounts.js';
import { isPast, later } from './sequenceNumbers.js';
import { addMisaddressed, noteReset, type MisaddressedReplies } from './misaddressed.js';

/** One connection as the client's capture has it. */
export interface ClientView {
  readonly sent: SegmentCounts;
  /**
   * MAC addresses that the client's SYNs went to. These should be a director's or the router's only; others show that another node
   * answered ARP for the VIP.
   */
  readonly synsTo: Set<string>;
  /** When the first SYN left. */
  openedAt: number | undefined;
  /**
   * How many SYN-ACKs answered this connection's SYN; then of the first one: its time, the MAC address it came from, and its sequence
   * number.
   */
  synAcks: number;
  answeredAt: number | undefined;
  synAckFrom: string | undefined;
  serverSequence: number | undefined;
  /** How many acknowledgements came instead of a SYN-ACK. They show that the server still holds an earlier connection from this port. */
  strayAcknowledgements: number;
  /** Whether the server sent what comes only on an established connection: data, a FIN, or an acknowledgement of data. */
  serverEstablished: boolean;
  /** Whether the server sent a FIN, and whether the client sent one before it had received that. */
  serverFin: boolean;
  closedFirst: boolean;
  /** RSTs received, by who sent them. */
  readonly resets: Map<Sender, number>;
  /** What came from an address that the client had not connected to, by where from. */
  readonly misaddressed: Map<string, MisaddressedReplies>;
  /** How many datagrams of UDP came from the service. */
  datagrams: number;
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

/** Sums up what the client sent and received on a connection; `originOf` says who made a RST that it received. */
export function clientViewOf(
  captured: readonly ClassifiedSegment[],
  lab: LabNodes,
  originOf: (reset: ClassifiedSegment) => Sender,
): ClientView {
  const view = emptyClientView();
  for (const seen of captured) {
    if (seen.segment.udp === true && seen.direction === 'from-service') view.datagrams += 1;
    if (!seen.isAtVip) addElsewhere(view, seen, lab);
    else if (seen.direction === 'to-service') addSent(view, seen);
    else addReceived(view, seen, originOf);
  }
  return view;
}

function emptyClientView(): ClientView {
  return {
    sent: noSegments(),
    synsTo: new Set(),
    openedAt: undefined,
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
    datagrams: 0,
    retransmissions: 0,
    afterSyn: undefined,
    afterData: undefined,
    afterFin: undefined,
    acknowledged: undefined,
    seen: new Set(),
  };
}

/** Adds a segment between the connection's port and somewhere else than the VIP. */
function addElsewhere(view: ClientView, seen: ClassifiedSegment, lab: LabNodes): void {
  if (seen.handling === 'received') addMisaddressed(view.misaddressed, seen, lab);
  else if (seen.kind === 'rst') noteReset(view.misaddressed, seen);
}

/** Adds the next segment that the client sent on this connection. */
function addSent(view: ClientView, seen: ClassifiedSegment): void {
  const { kind, segment } = seen;
  const { sequence, payloadLength } = segment;
  countSegment(view.sent, seen);
  const end = sequence + payloadLength;
  if (kind === 'syn') {
    view.synsTo.add(segment.destinationMac);
    view.openedAt ??= segment.time;
    view.afterSyn = (sequence + 1) >>> 0;
  }
  if (payloadLength > 0) {
    noteRetransmission(view, segment, 'client');
    view.afterData = later(view.afterData, end >>> 0);
  }
  if (kind === 'fin') {
    view.afterFin = (end + 1) >>> 0;
    if (!view.serverFin) view.closedFirst = true;
  }
}

/** Adds the next segment that the client received from its port's peer. */
function addReceived(
  view: ClientView,
  seen: ClassifiedSegment,
  originOf: (reset: ClassifiedSegment) => Sender,
): void {
  const { kind, segment } = seen;
  if (kind === 'rst') addReset(view, segment, () => originOf(seen));
  else if (kind === 'syn-ack') addSynAck(view, segment);
  else if (isOfConnection(view, segment)) addEstablished(view, seen);
  else if (kind === 'ack' && view.answeredAt === undefined) view.strayAcknowledgements += 1;
}

/** Whether the server's side acknowledged the client's FIN. */
export function finAcknowledged(view: ClientView): boolean {
  return isAcknowledged(view, view.afterFin);
}

/** Whether the server's side acknowledged all of the client's data. */
export function dataAcknowledged(view: ClientView): boolean {
  return isAcknowledged(view, view.afterData);
}

/**
 * Adds a RST unless it answers an earlier connection from this port, which its numbers tell. Its acknowledgement number acknowledges
 * no data: it only names the segment that was refused.
 */
function addReset(view: ClientView, segment: CapturedSegment, origin: () => Sender): void {
  const { flags, acknowledgement, sequence } = segment;
  const stale = flags.ack
    ? view.afterSyn !== undefined && isPast(view.afterSyn, acknowledgement)
    : view.serverSequence !== undefined && isPast(view.serverSequence, sequence);
  if (stale) return;
  const sender = origin();
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

function addEstablished(view: ClientView, { kind, segment }: ClassifiedSegment): void {
  const { flags, acknowledgement, payloadLength } = segment;
  if (payloadLength > 0) noteRetransmission(view, segment, 'server');
  if (flags.ack) view.acknowledged = later(view.acknowledged, acknowledgement);
  if (kind === 'fin') view.serverFin = true;
  const acknowledgesData = view.afterSyn !== undefined && isPast(acknowledgement, view.afterSyn);
  if (payloadLength > 0 || kind === 'fin' || acknowledgesData) view.serverEstablished = true;
}

/**
 * Whether a segment belongs to this connection. One that comes before the SYN-ACK, or has a lower sequence number, belongs to an
 * earlier connection from the same port.
 */
function isOfConnection({ afterSyn, serverSequence }: ClientView, { sequence }: CapturedSegment): boolean {
  if (serverSequence === undefined) return afterSyn === undefined;
  return !isPast(serverSequence, sequence);
}

function noteRetransmission(view: ClientView, segment: CapturedSegment, side: ConnectionEnd): void {
  const name = `${side} ${segment.sequence} ${segment.payloadLength}`;
  if (view.seen.has(name)) view.retransmissions += 1;
  view.seen.add(name);
}

function isAcknowledged({ acknowledged }: ClientView, end: number | undefined): boolean {
  return end !== undefined && acknowledged !== undefined && !isPast(end, acknowledged);
}
