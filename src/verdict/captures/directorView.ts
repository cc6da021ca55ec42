import type { NodeEvidence } from '../../evidence/model/evidence.js';
import type { ClassifiedSegment } from './classifiedCaptures.js';
import { continues, type PortUse } from './portUse.js';
import { countSegment, noSegments, type SegmentCounts } from './segmentCounts.js';

/** What the captures of all directors together have of a connection's segments from the client. */
export interface DirectorView {
  readonly arrived: SegmentCounts;
  readonly forwarded: SegmentCounts;
  /** Name of each director that they came to -> when the first one did. */
  readonly firstAt: ReadonlyMap<string, number>;
  /** Name of the director that they came to last. */
  readonly lastAt: string | undefined;
}

/** Sums up what directors captured of a connection. */
export function directorViewOf(
  use: PortUse,
  captured: readonly ClassifiedSegment[],
  client: NodeEvidence | undefined,
): DirectorView {
  const arrived = noSegments();
  const forwarded = noSegments();
  const firstAt = new Map<string, number>();
  let last: { readonly name: string; readonly time: number } | undefined;
  for (const seen of captured) {
    const transit = transitOf(seen);
    if (transit === undefined || !continues(use, seen.segment)) continue;
    if (transit === 'forwarded') {
      countSegment(forwarded, seen);
      // What a director's own client sends is IPVS's before any interface has it.
      if (seen.capturedBy !== client) continue;
    }
    countSegment(arrived, seen);
    const { name } = seen.capturedBy;
    const { time } = seen.segment;
    if (!firstAt.has(name)) firstAt.set(name, time);
    if (last === undefined || time >= last.time) last = { name, time };
  }
  return { arrived, forwarded, firstAt, lastAt: last?.name };
}

/**
 * Whether a segment in a director's capture comes from the client's side to this director, or leaves it for a realserver. With DR and
 * TUN a director's interface sees each segment twice, and only the MAC addresses differ. Undefined: neither, or it is an answer.
 */
export function transitOf(seen: ClassifiedSegment): 'arrived' | 'forwarded' | undefined {
  if (seen.direction !== 'to-service') return undefined;
  if (seen.handling === 'sent') return 'forwarded';
  // What another director forwards, tunnelled or not, may cross this one's interface.
  const isForwarded = seen.sender?.role === 'director' || seen.segment.tunnelled;
  return seen.handling === 'received' && !isForwarded ? 'arrived' : undefined;
}
