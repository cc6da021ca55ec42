import type { CapturedSegment } from '../../evidence/model/types.js';
import type { ClassifiedCapture, ClassifiedSegment } from '../captures/classifiedCaptures.js';
import { isClientsOwn } from '../captures/connectionSegments.js';
import { isPast } from '../captures/sequence.js';

/** Something that one side of a connection did for the first time; what it sent again is left out. */
export interface StreamEvent {
  readonly time: number;
  readonly side: 'client' | 'server';
  readonly what: 'data' | 'fin' | 'rst';
  /** Bytes of its stream that the side has sent, this mark's included. */
  readonly bytes: number;
  /** Of the client's: whether the segment acknowledges a FIN of the server's, and whether an earlier one of the client's did. */
  readonly acknowledgesFin: boolean;
  readonly finWasAcknowledged: boolean;
  /** Of the client's: since when the server has acknowledged all data that the client sent before; undefined: it has not, or there is none. */
  readonly quietSince: number | undefined;
}

/** One connection, as the client's capture has it: what both sides did, in order. */
export interface Transcript {
  /** When its first SYN left, and to which address and port. */
  readonly openedAt: number;
  readonly server: string;
  readonly serverPort: number;
  /** When the client acknowledged the SYN-ACK; undefined: it never did. */
  readonly connectedAt: number | undefined;
  readonly events: readonly StreamEvent[];
}

/** A connection while it is being read. */
class TranscriptWriter implements Transcript {
  connectedAt: number | undefined;
  readonly events: StreamEvent[] = [];
  readonly openedAt: number;
  readonly server: string;
  readonly serverPort: number;
  readonly initial: number;
  #serverInitial: number | undefined;
  #sent = { client: 0, server: 0 };
  #closed = { client: false, server: false };
  #serverFinEnd: number | undefined;
  #finAcknowledged = false;
  #quietSince: number | undefined;

  constructor({ time, destination, destinationPort, sequence }: CapturedSegment) {
    this.openedAt = time;
    this.server = destination;
    this.serverPort = destinationPort;
    this.initial = sequence;
  }

  /** A segment from the client, not its SYN. */
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
 * Sorts the client's capture by the client's `address:port`, which may have had several connections one after the other: each SYN
 * with a sequence number of its own begins one. What was captured before a port's first SYN is left out.
 */
export function transcriptsOf({ segments }: ClassifiedCapture): ReadonlyMap<string, readonly Transcript[]> {
  const all = new Map<string, TranscriptWriter[]>();
  for (const seen of segments) {
    const { kind, direction, client, segment } = seen;
    if (direction === 'other' || client === undefined || !isClientsOwn(seen)) continue;
    const known = all.get(client);
    const current = known?.at(-1);
    if (direction === 'to-service' && kind === 'syn') {
      if (current?.initial === segment.sequence) continue;
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

/** Behind NAT, what comes from or goes to another address than the client called is no part of what the client did. */
function isBetween({ server, serverPort }: Transcript, { direction, segment }: ClassifiedSegment): boolean {
  const [address, port] =
    direction === 'to-service'
      ? [segment.destination, segment.destinationPort]
      : [segment.source, segment.sourcePort];
  return address === server && port === serverPort;
}
