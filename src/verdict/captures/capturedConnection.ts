import type { Sender } from '../../contracts/words/nodes.js';
import type { CapturedIcmp, CapturedSegment } from '../../evidence/model/evidence.js';
import type { ClassifiedCaptures, ClassifiedError, SegmentKind } from './classifiedCaptures.js';
import { clientViewOf, type ClientView } from './clientView.js';
import { segmentsByConnection, type ConnectionSegments } from './connectionSegments.js';
import { directorViewOf, type DirectorView } from './directorView.js';
import type { LabNodes } from './labNodes.js';
import { originOfError, originOfReset } from './origin.js';
import type { PortUse, PortUses } from './portUse.js';

/** An ICMP error that the client received about a segment of the connection. */
export interface ReceivedError {
  readonly type: number;
  readonly code: number;
  readonly from: Sender;
  /** Of the segment that it quotes; undefined where too little of it is quoted. */
  readonly quoted: SegmentKind | undefined;
  readonly flags: CapturedSegment['flags'] | undefined;
}

/** What the captures say of one connection. */
export interface CapturedConnection {
  /** Undefined when the client has no capture. */
  readonly client: ClientView | undefined;
  /** Undefined when no director has one. */
  readonly director: DirectorView | undefined;
  readonly errors: readonly ReceivedError[];
  /** The realserver that the SYNs went to directly, bypassing the director; undefined: none. */
  readonly past: string | undefined;
  /** The port had an earlier connection, by the load's report or by the client's capture. */
  readonly portWasUsed: boolean;
}

/** Sorts the captures by connection. Returns a function that sums up what was captured of one connection. */
export function capturedConnections(
  lab: LabNodes,
  captures: ClassifiedCaptures,
  uses: PortUses,
): (use: PortUse) => CapturedConnection {
  const segments = segmentsByConnection(captures, uses);
  const wires = new Map<PortUse, CapturedConnection>();
  return (use) => {
    let wire = wires.get(use);
    if (wire === undefined) {
      const portWasUsed = !uses.isFirst(use) || segments.wasUsedBefore(use);
      wires.set(use, (wire = { ...summedUp(use, segments.of(use), lab, captures), portWasUsed }));
    }
    return wire;
  };
}

function summedUp(
  use: PortUse,
  own: ConnectionSegments,
  lab: LabNodes,
  captures: ClassifiedCaptures,
): Omit<CapturedConnection, 'portWasUsed'> {
  const hasRouterCapture = captures.router !== undefined;
  return {
    client:
      captures.client &&
      clientViewOf(own.client, lab, (reset) => originOfReset(reset, own, hasRouterCapture)),
    director: captures.directors.length === 0 ? undefined : directorViewOf(use, own.directors, lab.client),
    errors: own.errors
      .filter(({ message }) => !isRedirect(message))
      .map((error) => receivedError(error, originOfError(error, own, hasRouterCapture))),
    past: pastDirector(lab, own),
  };
}

function receivedError({ message, quoted }: ClassifiedError, from: Sender): ReceivedError {
  const { type, code } = message;
  return { type, code, from, quoted, flags: message.quoted?.flags };
}

/**
 * The realserver that SYNs were sent to directly, by the capture of the last hop before the directors: the router, or else the client. What a client
 * on a director sends has passed that director's IPVS before it leaves.
 */
function pastDirector(
  { router: hop, client: from }: LabNodes,
  { router, client }: ConnectionSegments,
): string | undefined {
  if (from?.role === 'director') return undefined;
  return (hop === undefined ? client : router).findLast(
    ({ kind, direction, handling, receiver }) =>
      kind === 'syn' && direction === 'to-service' && handling === 'sent' && receiver?.role === 'realserver',
  )?.receiver?.name;
}

/** A redirect is advice about the route: the segment it quotes was delivered. ICMPv6's is not among the errors. */
function isRedirect({ family, type }: CapturedIcmp): boolean {
  return family === 'ipv4' && type === 5;
}
