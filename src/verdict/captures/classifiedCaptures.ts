import { clientKey, serviceTrafficOf, type Service } from '../../evidence/model/connectionKey.js';
import type { CapturedIcmp, CapturedSegment, NodeEvidence } from '../../evidence/model/types.js';
import type { LabNodes } from './labNodes.js';
import { segmentKindOf, type SegmentKind } from './segmentKind.js';

/** A captured TCP segment with what the judge wants to know of it. This is found out here, once, and nowhere else. */
export interface ClassifiedSegment {
  readonly segment: CapturedSegment;
  readonly kind: SegmentKind;
  /** `other`: neither of its ends is the service's. */
  readonly direction: 'to-service' | 'from-service' | 'other';
  /** The service's end is the VIP, and not a realserver's own address, which the service has behind NAT. */
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

/** A captured ICMP error about a segment between a client and the service. */
export interface ClassifiedError {
  readonly message: CapturedIcmp;
  /** The client's end of the segment that it quotes. */
  readonly client: string;
  /** The kind of that segment, of which data is not told from acknowledgements; undefined: too little of it is quoted. */
  readonly quoted: SegmentKind | undefined;
  readonly sender: NodeEvidence | undefined;
  readonly receiver: NodeEvidence | undefined;
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

/** The service, and the one of its addresses that clients connect to. */
export type ServiceAtVip = Service & { readonly vip: string };

/** Finds out of every segment what it is, whose it is and where it goes. */
export function classifyCaptures(lab: LabNodes, service: ServiceAtVip): ClassifiedCaptures {
  const classify = (node: NodeEvidence | undefined): ClassifiedCapture | undefined =>
    node?.capture && {
      node,
      segments: node.capture.segments.map((segment) => classifySegment(lab, service, node, segment)),
      errors: node.capture.icmp.flatMap((message) => classifyError(lab, service, message) ?? []),
    };
  return {
    client: classify(lab.client),
    router: classify(lab.router),
    directors: lab.directors.map(classify).filter((capture) => capture !== undefined),
  };
}

function classifySegment(
  { byMac }: LabNodes,
  service: ServiceAtVip,
  capturedBy: NodeEvidence,
  segment: CapturedSegment,
): ClassifiedSegment {
  const sender = byMac.get(segment.sourceMac);
  const receiver = byMac.get(segment.destinationMac);
  const handling = sender === capturedBy ? 'sent' : receiver === capturedBy ? 'received' : 'overheard';
  const traffic = serviceTrafficOf(segment, service);
  const serviceEnd = traffic?.fromClient === true ? segment.destination : segment.source;
  // Spelt out, not spread: there may be hundreds of thousands of these.
  return {
    segment,
    kind: segmentKindOf(segment.flags, segment.payloadLength),
    direction: traffic === undefined ? 'other' : traffic.fromClient ? 'to-service' : 'from-service',
    isAtVip: traffic !== undefined && serviceEnd === service.vip,
    client: traffic?.key ?? (capturedBy.role === 'client' ? ownEnd(segment, handling) : undefined),
    sender,
    receiver,
    capturedBy,
    handling,
  };
}

/** The end of the node that captured the segment. */
function ownEnd(segment: CapturedSegment, handling: ClassifiedSegment['handling']): string | undefined {
  switch (handling) {
    case 'sent':
      return clientKey(segment.source, segment.sourcePort);
    case 'received':
      return clientKey(segment.destination, segment.destinationPort);
    case 'overheard':
      return undefined;
  }
}

/** Undefined: it does not quote a segment of the service. */
function classifyError(
  { byMac }: LabNodes,
  service: Service,
  message: CapturedIcmp,
): ClassifiedError | undefined {
  const traffic = message.quoted && serviceTrafficOf(message.quoted, service);
  if (traffic === undefined) return undefined;
  const flags = message.quoted?.flags;
  return {
    message,
    client: traffic.key,
    quoted: flags && segmentKindOf(flags, 0),
    sender: byMac.get(message.sourceMac),
    receiver: byMac.get(message.destinationMac),
  };
}
