import type { FileLine } from '../../site/model/sourceFile.js';
import type { PacketFate } from '../model/prediction.js';
import type { PacketClass } from '../packets/packetClasses.js';
import type { Doubt } from '../walk/box.js';
import type { EndedPackets } from '../walk/walkChain.js';
import type { ClientGroup, End } from './clientGroups.js';

/** What becomes of the packets of one kind. */
export interface Fate {
  readonly kind: PacketClass;
  readonly fate: PacketFate;
  /** Whether conntrack looked at any of them. */
  readonly isTracked: boolean;
  /** The rules that let it through, where it passes. */
  readonly through: readonly FileLine[];
  /** What ends it, or may. */
  readonly by: readonly EndedPackets[];
  /** What nobody can know here, where it is unknown. */
  readonly because: readonly Doubt[];
}

/** The fates of all kinds of packets of a group of clients; kinds that do not pass the director have none. */
export function fatesIn({ ends }: ClientGroup, kinds: readonly PacketClass[]): readonly Fate[] {
  return kinds.flatMap((kind, index) => {
    const own = ends.filter(({ box }) => (box.kinds & (1 << index)) !== 0);
    return own.length === 0 ? [] : [fateOf(kind, own)];
  });
}

function fateOf(kind: PacketClass, ends: readonly End[]): Fate {
  const by = ends.flatMap(({ ended }) => ended ?? []);
  const found = [...new Set(ends.map(endOf))];
  const [only] = found;
  const through = ends.find(({ ended }) => ended === undefined)?.box.passedRules ?? [];
  const isTracked = ends.some(({ box }) => box.tracked);
  if (found.length === 1 && only !== undefined && only !== 'unknown')
    return { kind, fate: only, isTracked, through, by, because: [] };
  const doubts = ends.flatMap(({ box }) => box.doubts);
  const unclear = by.flatMap(({ at, end }): Doubt[] => {
    if (end.kind === 'unclear') return [{ at, text: at.text, why: end.why }];
    return end.kind === 'source'
      ? [{ at, text: end.how, why: "realservers see another source than the client's" }]
      : [];
  });
  const because = new Map([...unclear, ...doubts].map((doubt) => [doubt.at, doubt]));
  return { kind, fate: 'unknown', isTracked, through, by, because: [...because.values()] };
}

function endOf({ ended }: End): Fate['fate'] {
  switch (ended?.end.kind) {
    case undefined:
      return 'passes';
    case 'refuse':
      return 'refused';
    case 'divert':
      return 'diverted';
    case 'unclear':
    case 'source':
      return 'unknown';
  }
}
