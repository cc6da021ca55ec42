import { type Box, dimensions, within, without } from '../../prediction/walk/box.js';

/** The most boxes that are followed side by side. */
const mostBoxes = 4000;

/** Packets fall into so many pieces that nobody would read about them. */
export class TooManyPieces extends Error {
  override readonly name = 'TooManyPieces';
}

/** The packets of boxes that are in none of the others. */
export function minus(boxes: readonly Box[], others: readonly Box[]): readonly Box[] {
  let left = boxes;
  for (const other of others) {
    left = left.flatMap((box) => {
      const part = within(box, other);
      return part === undefined ? [box] : without(box, part);
    });
    if (left.length > mostBoxes) throw new TooManyPieces();
  }
  return left;
}

/** The packets of boxes that are in one of the others, too. */
export function intersection(boxes: readonly Box[], others: readonly Box[]): readonly Box[] {
  const found = boxes.flatMap((box) => others.flatMap((other) => within(box, other) ?? []));
  if (found.length > mostBoxes) throw new TooManyPieces();
  return found;
}

/** The boxes, with these kinds of packets in place of their own. */
export function ofEveryKind(boxes: readonly Box[], kinds: number): readonly Box[] {
  return boxes.map((box) => ({ ...box, kinds }));
}

/** The same packets in boxes that do not overlap. */
export function apart(boxes: readonly Box[]): readonly Box[] {
  const found: Box[] = [];
  for (const box of boxes) {
    for (const piece of minus([box], found)) found.push(piece);
    if (found.length > mostBoxes) throw new TooManyPieces();
  }
  return found;
}

/** How many pieces boxes have that do not overlap: each combination of a kind and a member of every set is one. */
export function pieces(boxes: readonly Box[]): number {
  return boxes.reduce(
    (sum, box) =>
      sum +
      bits(box.kinds) *
        dimensions.reduce((product, dimension) => product * [...box[dimension].atoms()].length, 1),
    0,
  );
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
