import type { ConnectionEnd } from '../../contracts/words/connections.js';
import type { CapturedSegment } from '../../evidence/model/evidence.js';
import type { ClassifiedCapture, ClassifiedSegment } from '../captures/classifiedCaptures.js';
import { isClientsOwn } from '../captures/connectionSegments.js';
import { isPast } from '../captures/sequenceNumbers.js';

/** Data, a FIN or a RST that one side of a connection sent. Retransmissions are left out. */
export interface StreamEvent {
  readonly time: number;
  readonly side: ConnectionEnd;
  readonly what: 'data' | 'fin' | 'rst';
  /** Bytes that this side has sent on the connection so far, these included. */
  readonly bytes: number;
  /** For the client's events: whether this segment acknowledges the server's FIN, and whether an earlier segment already did. */
  readonly acknowledgesFin: boolean;
  readonly finWasAcknowledged: boolean;
  /** Whether the segment has data; so a FIN with data rides on the last of it. */
  readonly hasData: boolean;
  /**
   * For the client's events: when the server had acknowledged all data that the client sent before; undefined: it had not, or there
   * was none.
   */
  readonly quietSince: number | undefined;
}

/** What both sides of one connection sent, in order, by the client's capture. */
export interface Transcript {
  /** When its first SYN left, and to which address and port. */
  readonly openedAt: number;
  readonly server: string;
  readonly serverPort: number;
  /** When the client acknowledged the SYN-ACK; undefined: it never did. */
  readonly connectedAt: number | undefined;
  /**
   * Seconds from the SYN that was answered to the client's acknowledgement of the SYN-ACK: a round trip, delays of all links in it. The
   * client's own is in front of its capture, so that data and its acknowledgement may be nearer to each other there.
   */
  readonly roundTrip: number | undefined;
  readonly events: readonly StreamEvent[];
}

/** Builds a transcript, segment by segment. */
class TranscriptWriter implements Transcript {
  connectedAt: number | undefined;
  readonly events: StreamEvent[] = [];
  readonly openedAt: number;
  readonly server: string;
  readonly serverPort: number;
  readonly initial: number;
  #synAt: number;
  #serverInitial: number | undefined;
  #sent = { client: 0, server: 0 };
  #closed = { client: false, server: false };
  #serverFinEnd: number | undefined;
  #finAcknowledged = false;
  #quietSince: number | undefined;

  constructor({ time, destination, destinationPort, sequence }: CapturedSegment) {
    this.openedAt = time;
    this.#synAt = time;
    this.server = destination;
    this.serverPort = destinationPort;
    this.initial = sequence;
  }

  get roundTrip(): number | undefined {
    return this.connectedAt === undefined ? undefined : this.connectedAt - this.#synAt;
  }

  /** Notes that the client sent its SYN again. */
  synAgain(time: number): void {
    if (this.#serverInitial === undefined) this.#synAt = time;
  }

  /** Adds a segment that the client sent after its SYN. */
  fromClient(seen: ClassifiedSegment): void {
    if (this.#serverInitial === undefined) return;
    const { flags, acknowledgement, time } = seen.segment;
    // What answers a stray segment before there is a connection is not of it.
    if (flags.ack && !isPast(acknowledgement, this.#serverInitial)) return;
    if (flags.ack) this.connectedAt ??= time;
    const acknowledges =
      flags.ack && this.#serverFinEnd !== undefined && !isPast(this.#serverFinEnd, acknowledgement);
    this.#note('client', seen, this.initial, acknowledges);
    this.#finAcknowledged ||= acknowledges;
  }

  fromServer(seen: ClassifiedSegment): void {
    const { kind, segment } = seen;
    const { flags, sequence, acknowledgement } = segment;
    const acknowledgesSyn = flags.ack && acknowledgement === (this.initial + 1) >>> 0;
    if (kind === 'syn-ack' && acknowledgesSyn) {
      this.#serverInitial ??= sequence;
      return;
    }
    const refusesSyn = kind === 'rst' && acknowledgesSyn;
    if (this.#serverInitial === undefined ? !refusesSyn : isPast(this.#serverInitial, sequence)) return;
    const sent = this.#sent.client;
    if (flags.ack && sent > 0 && ((acknowledgement - this.initial - 1) | 0) >= sent)
      this.#quietSince ??= segment.time;
    this.#note('server', seen, this.#serverInitial ?? sequence, false);
  }

  #note(
    side: StreamEvent['side'],
    { kind, segment }: ClassifiedSegment,
    initial: number,
    acknowledgesFin: boolean,
  ): void {
    const { time, sequence, payloadLength } = segment;
    const end = (sequence - initial - 1 + payloadLength) | 0;
    const note = (what: StreamEvent['what']): void => {
      const bytes = this.#sent[side];
      this.events.push({
        ...{ time, side, what, bytes, acknowledgesFin },
        finWasAcknowledged: this.#finAcknowledged,
        hasData: payloadLength > 0,
        quietSince: side === 'client' ? this.#quietSince : undefined,
      });
    };
    if (kind === 'rst') {
      note('rst');
      return;
    }
    if (payloadLength > 0 && end > this.#sent[side]) {
      this.#sent[side] = end;
      note('data');
      if (side === 'client') this.#quietSince = undefined;
    }
    if (kind === 'fin' && !this.#closed[side]) {
      this.#closed[side] = true;
      if (side === 'server') this.#serverFinEnd = (sequence + payloadLength + 1) >>> 0;
      note('fin');
    }
  }
}

/**
 * Makes transcripts of the client's capture, by the client's `address:port`. One port may have several connections, one after the
 * other: each SYN with a new sequence number begins the next. What was captured before a port's first SYN is left out.
 */
export function transcriptsOf({ segments }: ClassifiedCapture): ReadonlyMap<string, readonly Transcript[]> {
  const all = new Map<string, TranscriptWriter[]>();
  for (const seen of segments) {
    const { kind, direction, client, segment } = seen;
    if (direction === 'other' || client === undefined || !isClientsOwn(seen)) continue;
    const known = all.get(client);
    const current = known?.at(-1);
    if (direction === 'to-service' && kind === 'syn') {
      if (current?.initial === segment.sequence) {
        current.synAgain(segment.time);
        continue;
      }
      const opened = new TranscriptWriter(segment);
      if (known === undefined) all.set(client, [opened]);
      else known.push(opened);
    } else if (current !== undefined && isBetween(current, seen)) {
      if (direction === 'to-service') current.fromClient(seen);
      else current.fromServer(seen);
    }
  }
  return all;
}

/** Whether a segment is between the client and the address that it connected to. Behind NAT others may turn up. */
function isBetween({ server, serverPort }: Transcript, { direction, segment }: ClassifiedSegment): boolean {
  const [address, port] =
    direction === 'to-service'
      ? [segment.destination, segment.destinationPort]
      : [segment.source, segment.sourcePort];
  return address === server && port === serverPort;
}
