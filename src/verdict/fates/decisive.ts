import { closingSegment } from './closing.js';
import type { SeenConnection } from '../connections/seenConnection.js';
import type { SegmentKind } from '../captures/segmentCounts.js';
import type { ConnectionFate } from '../model/types.js';

/** The client's segment that a connection's fate hangs on. */
export function decisiveSegment(
  observation: SeenConnection,
  fate: ConnectionFate['fate'] | undefined,
): SegmentKind {
  if (fate === 'unreachable' || fate === 'ports-exhausted') return 'syn';
  const closes = observation.report.complete || fate === 'data-lost';
  return closes ? closingSegment(observation) : 'payload';
}
