import { type Predicted, worstOf } from '../model/predicted.js';
import type { PacketKind } from '../packets/packetKinds.js';
import type { Cell, Place } from './cells.js';
import { type Fate, fatesIn } from './fates.js';
import { isOpening, outcomeOf } from './outcome.js';

/** A cell with what its connections come to. */
export interface JudgedCell {
  readonly cell: Cell;
  readonly fates: readonly Fate[];
  readonly outcome: Predicted;
  readonly isOpening: boolean;
}

/** What becomes of the clients of one way in and out, at one group of realservers. */
export interface JudgedPlace {
  readonly groups: Place['groups'];
  readonly cells: readonly JudgedCell[];
  readonly outcome: Predicted;
}

/** Judges all clients of a way together: whoever cannot open a connection is kept out, unless that is everybody. */
export function judgePlace({ groups, cells }: Place, kinds: readonly PacketKind[]): JudgedPlace {
  const judged = cells.map((cell) => {
    const fates = fatesIn(cell, kinds);
    return { cell, fates, outcome: outcomeOf(fates), isOpening: isOpening(fates) };
  });
  const opening = judged.filter((one) => one.isOpening);
  const outcome = opening.length === 0 ? 'unreachable' : worstOf(opening.map((one) => one.outcome));
  return { groups, cells: judged, outcome };
}
