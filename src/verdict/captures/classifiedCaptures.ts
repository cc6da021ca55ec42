import { clientKey, isServer, type Service, vipsOf } from '../../evidence/model/connectionKey.js';
import type { CapturedIcmp, CapturedSegment, NodeEvidence } from '../../evidence/model/evidence.js';
import type { LabNodes } from './labNodes.js';

/** What a TCP segment is for. A FIN may bring data along, and so, if rarely, may a SYN. */
export type SegmentKind = 'syn' | 'syn-ack' | 'data' | 'ack' | 'fin' | 'rst';

/** A captured TCP segment with what the judge wants to know of it. This is found out here, once, and nowhere else. */
export interface ClassifiedSegment {
  readonly segment: CapturedSegment;
  readonly kind: SegmentKind;
  /** `other`: neither of its ends is the service's. */
  readonly direction: Direction;
  /**
   * The service's end is what the capturing node knows as such: the VIP, and not a realserver's own address, which the service has behind NAT. A
   * director's own connections have no other on any interface, for its IPVS translates both ways above them.
   */
  readonly isAtVip: boolean;
  /** The client's end, `address:port`. Of direction `other` only the client's own capture tells it. */
  readonly client: string | undefined;
  /** The nodes that its MAC addresses belong to; undefined: to none of the lab's. */
  readonly sender: NodeEvidence | undefined;
  readonly receiver: NodeEvidence | undefined;
  readonly capturedBy: NodeEvidence;
  /** What the capturing node did with it. A bridge also floods frames that are for others: those are `overheard`. */
  readonly handling: 'sent' | 'received' | 'overheard';
}

type Direction = 'to-service' | 'from-service' | 'other';

/** A captured ICMP error about a segment between a client and the service. */
export interface ClassifiedError {
  readonly message: CapturedIcmp;
  /** The client's end of the segment that it quotes. */
  readonly client: string;
  /** The kind of that segment, of which data is not told from acknowledgements; undefined: too little of it is quoted. */
  readonly quoted: SegmentKind | undefined;
  readonly sender: NodeEvidence | undefined;
  readonly receiver: NodeEvidence | undefined;
  readonly capturedBy: NodeEvidence;
}

/** The capture of one node. */
export interface ClassifiedCapture {
  readonly node: NodeEvidence;
  readonly segments: readonly ClassifiedSegment[];
  readonly errors: readonly ClassifiedError[];
}

/** The captures of a phase. */
export interface ClassifiedCaptures {
  /** Undefined: the client has no capture; and so for the router, which many labs do without. */
  readonly client: ClassifiedCapture | undefined;
  readonly router: ClassifiedCapture | undefined;
  /** Of those directors that have one. */
  readonly directors: readonly ClassifiedCapture[];
}

/** The service, and those of its addresses that clients connect to. */
export type ServiceAtVip = Service & Parameters<typeof vipsOf>[0];

/** Classifies every captured segment: its kind, its connection, and where it goes. */
export function classifyCaptures(lab: LabNodes, service: ServiceAtVip): ClassifiedCaptures {
  const vips = vipsOf(service);
  const classify = (node: NodeEvidence | undefined): ClassifiedCapture | undefined =>
    node?.capture && {
      node,
      segments: node.capture.segments.map((segment) =>
        classifySegment(lab, { ...service, vips }, node, segment),
      ),
      errors: node.capture.icmp.flatMap((message) => classifyError(lab, service, node, message) ?? []),
    };
  return {
    client: classify(lab.client),
    router: classify(lab.router),
    directors: lab.directors.map(classify).filter((capture) => capture !== undefined),
  };
}

function classifySegment(
  { byMac, client }: LabNodes,
  service: Service & { readonly vips: readonly string[] },
  capturedBy: NodeEvidence,
  segment: CapturedSegment,
): ClassifiedSegment {
  const { sender, receiver } = endsOf(byMac, capturedBy, segment);
  const direction = directionOf(segment, service);
  const handling = handlingOf(sender, receiver, capturedBy, direction);
  const serviceEnd = direction === 'to-service' ? segment.destination : segment.source;
  // Spelt out, not spread: there may be hundreds of thousands of these.
  return {
    segment,
    kind: segmentKindOf(segment.flags, segment.payloadLength),
    direction,
    isAtVip:
      direction !== 'other' &&
      (service.vips.includes(serviceEnd) || (capturedBy === client && capturedBy.role === 'director')),
    client:
      direction === 'other'
        ? ownEnd(segment, capturedBy === client, handling)
        : clientEnd(segment, direction),
    sender,
    receiver,
    capturedBy,
    handling,
  };
}

/** The MAC address of both ends of what a host sends to itself. */
export const loopbackMac = '00:00:00:00:00:00';

interface Macs {
  readonly sourceMac: string;
  readonly destinationMac: string;
}

/** The nodes that a packet's MAC addresses belong to: what a host sends to itself is its own. */
function endsOf(
  byMac: LabNodes['byMac'],
  capturedBy: NodeEvidence,
  { sourceMac, destinationMac }: Macs,
): Pick<ClassifiedSegment, 'sender' | 'receiver'> {
  const isLooped = sourceMac === loopbackMac && destinationMac === loopbackMac;
  return isLooped
    ? { sender: capturedBy, receiver: capturedBy }
    : { sender: byMac.get(sourceMac), receiver: byMac.get(destinationMac) };
}

/** What a node sends to itself is captured once, and is of its client as long as it goes to the service. */
function handlingOf(
  sender: NodeEvidence | undefined,
  receiver: NodeEvidence | undefined,
  capturedBy: NodeEvidence,
  direction: Direction,
): ClassifiedSegment['handling'] {
  if (sender === capturedBy) return receiver === sender && direction === 'from-service' ? 'received' : 'sent';
  return receiver === capturedBy ? 'received' : 'overheard';
}

/** Tells the kind by the flags, and data from an acknowledgement by the length of the payload. */
function segmentKindOf(flags: CapturedSegment['flags'], payloadLength: number): SegmentKind {
  if (flags.rst) return 'rst';
  if (flags.syn) return flags.ack ? 'syn-ack' : 'syn';
  if (flags.fin) return 'fin';
  return payloadLength > 0 ? 'data' : 'ack';
}

type Endpoints = Pick<CapturedSegment, 'source' | 'sourcePort' | 'destination' | 'destinationPort'>;

function directionOf(ends: Endpoints, service: Service): Direction {
  if (isServer(service, ends.destination, ends.destinationPort)) return 'to-service';
  return isServer(service, ends.source, ends.sourcePort) ? 'from-service' : 'other';
}

function clientEnd(ends: Endpoints, direction: 'to-service' | 'from-service'): string {
  return direction === 'to-service'
    ? clientKey(ends.source, ends.sourcePort)
    : clientKey(ends.destination, ends.destinationPort);
}

/** The end that is the client's by the MAC address; undefined in the captures of other nodes. */
function ownEnd(
  ends: Endpoints,
  isClients: boolean,
  handling: ClassifiedSegment['handling'],
): string | undefined {
  if (!isClients || handling === 'overheard') return undefined;
  return clientEnd(ends, handling === 'sent' ? 'to-service' : 'from-service');
}

/** Undefined: it does not quote a segment of the service. */
function classifyError(
  { byMac }: LabNodes,
  service: Service,
  capturedBy: NodeEvidence,
  message: CapturedIcmp,
): ClassifiedError | undefined {
  const { quoted } = message;
  const direction = quoted === undefined ? 'other' : directionOf(quoted, service);
  if (quoted === undefined || direction === 'other') return undefined;
  return {
    message,
    client: clientEnd(quoted, direction),
    quoted: quoted.flags && segmentKindOf(quoted.flags, 0),
    ...endsOf(byMac, capturedBy, message),
    capturedBy,
  };
}
