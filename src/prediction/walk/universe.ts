import type { Family } from '../../contracts/words/network.js';
import { type AddressRange, everyAddress, parseRange } from '../../site/model/addressRange.js';
import type { NumberRange } from '../model/filter.js';
import { AtomSet } from './atomSet.js';

/** Addresses of which no client has one. */
const notClients: Readonly<Record<Family, readonly string[]>> = {
  ipv4: ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3'],
  ipv6: ['::/127', 'ff00::/8'],
};

/** Addresses in the pieces that rules tell apart: an atom for each. */
export class AddressAtoms {
  private constructor(readonly pieces: readonly AddressRange[]) {}

  /** The pieces of what is `within`, without what is `taken`, cut at the ends of all that rules name. */
  static of(
    within: readonly AddressRange[],
    taken: readonly AddressRange[],
    named: Iterable<AddressRange>,
  ): AddressAtoms {
    const [{ family } = everyAddress('ipv4')] = within;
    const starts = new Set<bigint>();
    for (const { first, last } of [...within, ...taken, ...named]) starts.add(first).add(last + 1n);
    const sorted = [...starts].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0));
    const inside = unionOf(within);
    const outside = unionOf(taken);
    const pieces: AddressRange[] = [];
    for (const [index, first] of sorted.entries()) {
      const next = sorted[index + 1];
      if (next === undefined || !covers(inside, first) || covers(outside, first)) continue;
      pieces.push({ family, first, last: next - 1n });
    }
    return new AddressAtoms(pieces);
  }

  get all(): AtomSet {
    return AtomSet.all(this.pieces.length);
  }

  /** The pieces that are in the ranges: each is as a whole, or not at all. */
  in(ranges: readonly AddressRange[]): AtomSet {
    const found: [number, number][] = [];
    for (const { first, last } of ranges) {
      const from = this.#firstBehind(first);
      const to = this.#firstBehind(last + 1n) - 1;
      if (from <= to) found.push([from, to]);
    }
    return AtomSet.of(found);
  }

  /** The index of the first piece that begins at an address or behind it. */
  #firstBehind(address: bigint): number {
    let [low, high] = [0, this.pieces.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.pieces[middle]?.first ?? 0n) < address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The addresses that clients of a family may have, where nobody says which. */
export function anyClient(family: Family): {
  readonly within: readonly AddressRange[];
  readonly taken: readonly AddressRange[];
} {
  const taken = notClients[family].map(parseRange).filter((range) => range !== undefined);
  return { within: [everyAddress(family)], taken };
}

/** Ports in the pieces that rules tell apart. */
export class PortAtoms {
  readonly pieces: readonly NumberRange[];

  constructor([lowest, highest]: NumberRange, named: readonly NumberRange[]) {
    const starts = new Set<number>([lowest]);
    for (const [first, last] of named)
      for (const start of [first, last + 1]) if (start > lowest && start <= highest) starts.add(start);
    const sorted = [...starts].sort((one, other) => one - other);
    this.pieces = sorted.map((first, index) => [first, (sorted[index + 1] ?? highest + 1) - 1]);
  }

  get all(): AtomSet {
    return AtomSet.all(this.pieces.length);
  }

  in(ranges: readonly NumberRange[]): AtomSet {
    return AtomSet.of(
      this.pieces.flatMap(([first, last], index): [number, number][] =>
        ranges.some(([low, high]) => low <= first && last <= high) ? [[index, index]] : [],
      ),
    );
  }
}

/** Sets of clients of which no file says who is in them: an atom for each combination of those that have a client. */
export class ListedAtoms {
  /** More of them would be more combinations than anybody follows. */
  static readonly most = 6;

  constructor(readonly names: readonly string[]) {}

  get all(): AtomSet {
    return AtomSet.all(1 << this.names.length);
  }

  /** The combinations in which a set has the client; undefined: the set is none of these. */
  in(name: string): AtomSet | undefined {
    const bit = this.names.indexOf(name);
    if (bit < 0) return undefined;
    const all = Array.from({ length: 1 << this.names.length }, (_, atom) => atom);
    return AtomSet.of(all.flatMap((atom) => ((atom >> bit) & 1 ? [[atom, atom] as const] : [])));
  }
}

/** Interfaces: those that are known by name, and `OTHER...` for all others that a wildcard would take, or none. */
export class InterfaceAtoms {
  constructor(readonly pieces: readonly InterfacePiece[]) {}

  /** Where nobody says which it is: each name that rules have, and what is left. */
  static unknown(names: Iterable<string>): InterfaceAtoms {
    const all = [...new Set(names)].filter((name) => name !== 'lo');
    const exact = all.filter((name) => !name.endsWith('*'));
    const wild = all.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
    return new InterfaceAtoms([
      ...exact.map((name): InterfacePiece => ({ name, isOther: false })),
      ...wild.map((name): InterfacePiece => ({ name, isOther: true })),
      { name: '', isOther: true },
    ]);
  }

  static known(names: readonly string[]): InterfaceAtoms {
    return new InterfaceAtoms(names.map((name) => ({ name, isOther: false })));
  }

  get all(): AtomSet {
    return AtomSet.all(this.pieces.length);
  }

  in(names: readonly string[]): AtomSet {
    return AtomSet.of(
      this.pieces.flatMap((piece, index): [number, number][] =>
        names.some((name) => takes(name, piece)) ? [[index, index]] : [],
      ),
    );
  }
}

/** An interface with this name, or any that begins with it and that no rule names otherwise. */
export interface InterfacePiece {
  readonly name: string;
  readonly isOther: boolean;
}

function takes(name: string, piece: InterfacePiece): boolean {
  if (name.endsWith('*')) return piece.name.startsWith(name.slice(0, -1));
  return name === piece.name && !piece.isOther;
}

/** Ranges that neither touch nor overlap, in their order. */
function unionOf(ranges: readonly AddressRange[]): readonly AddressRange[] {
  const sorted = ranges.toSorted((one, other) => (one.first < other.first ? -1 : 1));
  const found: AddressRange[] = [];
  for (const range of sorted) {
    const last = found.at(-1);
    if (last !== undefined && range.first <= last.last + 1n) {
      if (range.last > last.last) found[found.length - 1] = { ...last, last: range.last };
    } else found.push(range);
  }
  return found;
}

/** Whether one of the ranges, which are in their order and do not overlap, has an address: there may be as many as a site has rules. */
function covers(ranges: readonly AddressRange[], address: bigint): boolean {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.last ?? 0n) < address) low = middle + 1;
    else high = middle;
  }
  return (ranges[low]?.first ?? address + 1n) <= address;
}
