import type { ClassifiedCaptures, ClassifiedError, ClassifiedSegment } from './classifiedCaptures.js';
import type { PortUse, PortUses } from './portUse.js';

/** All that was captured of one connection. */
export interface ConnectionSegments {
  /** What the client itself sent and received. */
  readonly client: ClassifiedSegment[];
  readonly router: ClassifiedSegment[];
  /** Of all directors, one director's after the other's. */
  readonly directors: ClassifiedSegment[];
  /** ICMP errors about it: in the client's capture, and in those of router and directors. */
  readonly errors: ClassifiedError[];
  readonly errorsOnTheWay: ClassifiedError[];
}

/** The captures, sorted by connection. */
export interface SegmentsByConnection {
  of(use: PortUse): ConnectionSegments;
  /** Whether the client's capture has something of the port from before the load's first connection there. */
  wasUsedBefore(use: PortUse): boolean;
}

/** Gives each captured segment and error to the connection that it belongs to, by the client's end and the time. */
export function segmentsByConnection(captures: ClassifiedCaptures, uses: PortUses): SegmentsByConnection {
  const all = new Map<PortUse, ConnectionSegments>();
  const usedBefore = new Set<string>();
  const of = (use: PortUse): ConnectionSegments => {
    let segments = all.get(use);
    if (segments === undefined) all.set(use, (segments = noSegmentsYet()));
    return segments;
  };
  for (const seen of captures.client?.segments ?? []) {
    if (seen.client === undefined || !isClientsOwn(seen)) continue;
    const use = uses.at(seen.client, seen.segment.time);
    if (use !== undefined) of(use).client.push(seen);
    else if (seen.isAtVip) usedBefore.add(seen.client);
  }
  const add = (where: 'router' | 'directors', segments: readonly ClassifiedSegment[] = []): void => {
    for (const seen of segments) {
      const use = seen.client === undefined ? undefined : uses.at(seen.client, seen.segment.time);
      if (use !== undefined) of(use)[where].push(seen);
    }
  };
  const addErrors = (where: 'errors' | 'errorsOnTheWay', errors: readonly ClassifiedError[] = []): void => {
    for (const error of errors) {
      const use = uses.at(error.client, error.message.time);
      if (use !== undefined) of(use)[where].push(error);
    }
  };
  add('router', captures.router?.segments);
  for (const { segments } of captures.directors) add('directors', segments);
  addErrors('errors', captures.client?.errors.filter(isReceived));
  for (const capture of [captures.router, ...captures.directors])
    addErrors('errorsOnTheWay', capture?.errors);
  return { of: (use) => all.get(use) ?? noSegmentsYet(), wasUsedBefore: ({ key }) => usedBefore.has(key) };
}

/** Whether an error in the client's capture came to it. What it tells others itself, by its own rules, it is not told. */
function isReceived({ sender, receiver, capturedBy }: ClassifiedError): boolean {
  return sender !== capturedBy || receiver === capturedBy;
}

/** Whether a segment in the client's capture was sent or received by the client itself. A bridge may flood others to it. */
export function isClientsOwn({ direction, handling }: ClassifiedSegment): boolean {
  switch (direction) {
    case 'to-service':
      return handling === 'sent';
    case 'from-service':
      return handling === 'received';
    case 'other':
      return handling !== 'overheard';
  }
}

function noSegmentsYet(): ConnectionSegments {
  return { client: [], router: [], directors: [], errors: [], errorsOnTheWay: [] };
}
