import type { CapturedSegment } from '../../evidence/model/types.js';

/** Segments from the client to the service, by what they do. A segment may count twice: data with a FIN does. */
export interface SegmentCounts {
  syn: number;
  payload: number;
  fin: number;
  rst: number;
}

export type SegmentKind = keyof SegmentCounts;

export function noSegments(): SegmentCounts {
  return { syn: 0, payload: 0, fin: 0, rst: 0 };
}

/** Counts a segment under everything it does. */
export function countSegment(counts: SegmentCounts, { flags, payloadLength }: CapturedSegment): void {
  if (flags.syn) counts.syn += 1;
  if (payloadLength > 0) counts.payload += 1;
  if (flags.fin) counts.fin += 1;
  if (flags.rst) counts.rst += 1;
}
