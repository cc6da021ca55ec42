import type { ClassifiedSegment } from './classifiedCaptures.js';

/** How many segments went from a client to the service. One counts twice that has both data and a FIN. */
export interface SegmentCounts {
  syn: number;
  payload: number;
  fin: number;
  rst: number;
}

/** What segments are counted as. */
export type Counted = keyof SegmentCounts;

export function noSegments(): SegmentCounts {
  return { syn: 0, payload: 0, fin: 0, rst: 0 };
}

/** Counts a segment for what it is, and for the data that it brings. */
export function countSegment(counts: SegmentCounts, { kind, segment }: ClassifiedSegment): void {
  if (segment.payloadLength > 0) counts.payload += 1;
  if (kind === 'syn' || kind === 'fin' || kind === 'rst') counts[kind] += 1;
}
