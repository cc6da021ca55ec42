import type { CapturedSegment } from '../../evidence/model/types.js';

/** What a TCP segment is for. A FIN may bring data along; so, if rarely, may a SYN. */
export type SegmentKind = 'syn' | 'syn-ack' | 'data' | 'ack' | 'fin' | 'rst';

/** Tells the kind by the flags, and an acknowledgement from data by the length of the payload. */
export function segmentKindOf(flags: CapturedSegment['flags'], payloadLength: number): SegmentKind {
  if (flags.rst) return 'rst';
  if (flags.syn) return flags.ack ? 'syn-ack' : 'syn';
  if (flags.fin) return 'fin';
  return payloadLength > 0 ? 'data' : 'ack';
}
