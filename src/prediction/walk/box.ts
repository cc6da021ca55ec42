import type { FileLine } from '../../site/model/sourceFile.js';
import type { AtomSet } from './atomSet.js';

/**
 * In what packets of a service may differ, beside their kind: the client, its port, the sets that the client is in, the interfaces on both sides,
 * the realserver.
 */
export const dimensions = ['client', 'port', 'listed', 'clientSide', 'server', 'serverSide'] as const;
export type Dimension = (typeof dimensions)[number];

/** A rule of which nobody can say here whether it takes a packet. */
export interface Doubt {
  readonly at: FileLine;
  /** The match that it depends on. */
  readonly text: string;
  readonly why: string;
}

/** Packets: each combination of a kind and a member of every set is one. */
export type Box = Readonly<Record<Dimension, AtomSet>> & {
  /** A bit for each kind. */
  readonly kinds: number;
  /** The mark that they have; undefined: it cannot be known. */
  readonly mark: number | undefined;
  /** Whether conntrack looks at them. */
  readonly tracked: boolean;
  /** What may have taken them before. None: they are here for sure. */
  readonly doubts: readonly Doubt[];
  /** The rules that let them through so far. */
  readonly passedRules: readonly FileLine[];
};

/** Which packets a rule takes. */
export type Region = Pick<Box, 'kinds'> & Readonly<Partial<Record<Dimension, AtomSet>>>;

/** The part of a box that is in a region; undefined: there is none. */
export function within(box: Box, region: Region): Box | undefined {
  const kinds = box.kinds & region.kinds;
  if (kinds === 0) return undefined;
  const sets: Partial<Record<Dimension, AtomSet>> = {};
  for (const dimension of dimensions) {
    const asked = region[dimension];
    if (asked === undefined) continue;
    const both = box[dimension].and(asked);
    if (both.isEmpty) return undefined;
    sets[dimension] = both;
  }
  return { ...box, ...sets, kinds };
}

/** What is left of a box without a part of it. */
export function without(box: Box, part: Region): readonly Box[] {
  const found: Box[] = [];
  let rest = box;
  const others = box.kinds & ~part.kinds;
  if (others !== 0) found.push({ ...box, kinds: others });
  rest = { ...rest, kinds: box.kinds & part.kinds };
  for (const dimension of dimensions) {
    const asked = part[dimension];
    if (asked === undefined || asked === box[dimension]) continue;
    const left = rest[dimension].minus(asked);
    if (!left.isEmpty) found.push({ ...rest, [dimension]: left });
    rest = { ...rest, [dimension]: asked };
  }
  return found;
}

/** Joins boxes that differ in one set only, when there are more than `most`. */
export function merged(boxes: readonly Box[], most: number): readonly Box[] {
  if (boxes.length <= most) return boxes;
  let all = [...boxes];
  for (;;) {
    const found: Box[] = [];
    for (const box of all) {
      const index = found.findIndex((one) => joined(one, box) !== undefined);
      const both = index < 0 ? undefined : joined(found[index] ?? box, box);
      if (both === undefined) found.push(box);
      else found[index] = both;
    }
    if (found.length === all.length) return found;
    all = found;
  }
}

function joined(one: Box, other: Box): Box | undefined {
  if (
    one.mark !== other.mark ||
    one.tracked !== other.tracked ||
    !isSame(one.doubts, other.doubts) ||
    !isSame(one.passedRules, other.passedRules)
  )
    return undefined;
  const unlike = dimensions.filter((dimension) => !one[dimension].equals(other[dimension]));
  if (unlike.length === 0) return { ...one, kinds: one.kinds | other.kinds };
  const [only] = unlike;
  return unlike.length === 1 && only !== undefined && one.kinds === other.kinds
    ? { ...one, [only]: one[only].or(other[only]) }
    : undefined;
}

/** Whether two lists have the same members in the same order. */
export function isSame<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && one.every((member, index) => member === other[index]);
}
