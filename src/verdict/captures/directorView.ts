import { serviceTrafficOf, type Service } from '../../evidence/model/connectionKey.js';
import type { CapturedSegment } from '../../evidence/model/types.js';
import { roleOf, type LabNodes } from './labNodes.js';
import { continues, type PortUse, type PortUses } from './portUse.js';
import { countSegment, noSegments, type SegmentCounts } from './segmentCounts.js';

/** The client's segments of one connection as the captures of all directors together have them. */
export interface DirectorView {
  readonly arrived: SegmentCounts;
  readonly forwarded: SegmentCounts;
  /** Each director that they came to -> when the first one did. */
  readonly firstAt: Map<string, number>;
  /** The director that they came to last. */
  lastAt: string | undefined;
}

export function emptyDirectorView(): DirectorView {
  return { arrived: noSegments(), forwarded: noSegments(), firstAt: new Map(), lastAt: undefined };
}

/** Undefined when no director has a capture. */
export function directorViewsOf(
  lab: LabNodes,
  service: Service,
  uses: PortUses,
): Map<PortUse, DirectorView> | undefined {
  if (lab.directors.every(({ capture }) => capture === undefined)) return undefined;
  const views = new Map<PortUse, DirectorView>();
  const latest = new Map<DirectorView, number>();
  for (const { name, macs, capture } of lab.directors) {
    for (const segment of capture?.segments ?? []) {
      const flow = serviceTrafficOf(segment, service);
      const use = flow?.fromClient === true ? uses.at(flow.key, segment.time) : undefined;
      if (use === undefined || !continues(use, segment)) continue;
      let view = views.get(use);
      if (view === undefined) views.set(use, (view = emptyDirectorView()));
      const passage = passageOf(lab, macs, segment);
      if (passage === 'forwarded') {
        countSegment(view.forwarded, segment);
      } else if (passage === 'arrived') {
        countSegment(view.arrived, segment);
        if (!view.firstAt.has(name)) view.firstAt.set(name, segment.time);
        if (segment.time >= (latest.get(view) ?? 0)) {
          latest.set(view, segment.time);
          view.lastAt = name;
        }
      }
    }
  }
  return views;
}

/**
 * Whether a segment from the client's side is on its way to the director that captured it, which has these MAC addresses, or leaves
 * it: DR and TUN packets pass the director's interface twice, and only the MAC addresses differ. Undefined for what passes by.
 */
export function passageOf(
  lab: LabNodes,
  macs: readonly string[],
  { sourceMac, destinationMac, tunnelled }: CapturedSegment,
): 'arrived' | 'forwarded' | undefined {
  if (macs.includes(sourceMac)) return 'forwarded';
  // A director's tunnelled packet, or one it forwarded, may cross another director's interface.
  const arrives = macs.includes(destinationMac) && roleOf(lab, sourceMac) !== 'director' && !tunnelled;
  return arrives ? 'arrived' : undefined;
}
