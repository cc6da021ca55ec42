import { flowOf, type Service } from '../evidence/flow.js';
import { roleOf, type Cast } from './cast.js';
import { continues, type PortUse, type PortUses } from './portUse.js';
import { countSegment, noSegments, type SegmentCounts } from './segmentCounts.js';

/** The client's segments of one connection as the captures of all directors together have them. */
export interface DirectorView {
  readonly arrived: SegmentCounts;
  readonly forwarded: SegmentCounts;
  /** The director that they came to last. */
  lastAt: string | undefined;
}

export function emptyDirectorView(): DirectorView {
  return { arrived: noSegments(), forwarded: noSegments(), lastAt: undefined };
}

/** Undefined when no director has a capture. */
export function directorViewsOf(
  cast: Cast,
  service: Service,
  uses: PortUses,
): Map<PortUse, DirectorView> | undefined {
  if (cast.directors.every(({ capture }) => capture === undefined)) return undefined;
  const views = new Map<PortUse, DirectorView>();
  const latest = new Map<DirectorView, number>();
  for (const { name, macs, capture } of cast.directors) {
    for (const segment of capture?.segments ?? []) {
      const flow = flowOf(segment, service);
      const use = flow?.fromClient === true ? uses.at(flow.key, segment.time) : undefined;
      if (use === undefined || !continues(use, segment)) continue;
      let view = views.get(use);
      if (view === undefined) views.set(use, (view = emptyDirectorView()));
      // DR and TUN packets pass the director's interface twice, and only the MAC addresses differ.
      if (macs.includes(segment.sourceMac)) {
        countSegment(view.forwarded, segment);
      } else if (arrives(cast, macs, segment)) {
        countSegment(view.arrived, segment);
        if (segment.time >= (latest.get(view) ?? 0)) {
          latest.set(view, segment.time);
          view.lastAt = name;
        }
      }
    }
  }
  return views;
}

/** A director's tunnelled packet, or one it forwarded, may cross another director's interface. */
function arrives(
  cast: Cast,
  macs: readonly string[],
  segment: { readonly sourceMac: string; readonly destinationMac: string; readonly tunnelled: boolean },
): boolean {
  return (
    macs.includes(segment.destinationMac) &&
    roleOf(cast, segment.sourceMac) !== 'director' &&
    !segment.tunnelled
  );
}
