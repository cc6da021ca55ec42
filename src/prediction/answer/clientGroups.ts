import type { WalkResult } from '../packets/hookWalk.js';
import type { AtomSet } from '../walk/atomSet.js';
import type { Box, Dimension } from '../walk/box.js';
import type { EndedPackets } from '../walk/walkChain.js';

/** One end of a way: packets that got through, or that ended. */
export interface End {
  readonly box: Box;
  /** Undefined: they got through. */
  readonly ended: EndedPackets | undefined;
}

/** Sets of which packets fare alike: the members of each, of which the first stands for all. */
export type Groups<D extends Dimension> = Readonly<Record<D, readonly number[]>>;

const ofClients = ['client', 'port', 'listed'] as const;
const ofPassages = ['clientSide', 'serverSide', 'server'] as const;

/** Clients whose packets fare alike. */
export interface ClientGroup {
  readonly groups: Groups<(typeof ofClients)[number]>;
  readonly ends: readonly End[];
}

/** All clients that come by the same way, and get to the same realservers. */
export interface Passage {
  readonly groups: Groups<(typeof ofPassages)[number]>;
  readonly clientGroups: readonly ClientGroup[];
}

/** Sorts all packets of a service into those that fare alike. */
export function passagesOf({ passed, ended }: WalkResult): readonly Passage[] {
  const ends: readonly End[] = [
    ...passed.map((box) => ({ box, ended: undefined })),
    ...ended.map((packets) => ({ box: packets.box, ended: packets })),
  ];
  return cut(ends, ofPassages).map(({ groups, ends: own }) => ({
    groups,
    clientGroups: cut(own, ofClients),
  }));
}

/** The groups of several sets, and the ends of each combination. */
function cut<D extends Dimension>(
  ends: readonly End[],
  dimensions: readonly D[],
): readonly { readonly groups: Groups<D>; readonly ends: readonly End[] }[] {
  let found: readonly { readonly groups: Partial<Groups<D>>; readonly ends: readonly End[] }[] = [
    { groups: {}, ends },
  ];
  for (const dimension of dimensions)
    found = found.flatMap(({ groups, ends: own }) =>
      groupsOf(own, dimension).map(({ atoms, ends: fewer }) => ({
        groups: { ...groups, [dimension]: atoms },
        ends: fewer,
      })),
    );
  return found.map(({ groups, ends: own }) => ({ groups: groups as Groups<D>, ends: own }));
}

interface Group {
  readonly atoms: number[];
  readonly ends: readonly End[];
}

/** Sets that are compared with each other: most boxes share a few of them. */
const mostCompared = 64;

/** The members of one set that are in the same boxes, and those boxes. */
function groupsOf(ends: readonly End[], dimension: Dimension): readonly Group[] {
  const sets: { readonly set: AtomSet; readonly ends: End[] }[] = [];
  for (const end of ends) {
    const set = end.box[dimension];
    const known = sets.slice(0, mostCompared).find((one) => one.set.equals(set));
    if (known === undefined) sets.push({ set, ends: [end] });
    else known.ends.push(end);
  }
  const inSets = new Map<number, number[]>();
  for (const [index, { set }] of sets.entries())
    for (const atom of set.atoms()) {
      const list = inSets.get(atom);
      if (list === undefined) inSets.set(atom, [index]);
      else list.push(index);
    }
  const groups = new Map<string, Group>();
  for (const [atom, indices] of inSets) {
    const key = indices.join(' ');
    const group = groups.get(key);
    if (group !== undefined) group.atoms.push(atom);
    else groups.set(key, { atoms: [atom], ends: indices.flatMap((index) => sets[index]?.ends ?? []) });
  }
  return [...groups.values()];
}
