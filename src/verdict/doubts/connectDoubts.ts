import type { Bounds } from '../../scenario/model/expectation.js';
import { outOfBounds } from '../model/outOfBounds.js';
import { measuredSecondsText } from '../model/expectationText.js';
import type { PhaseNumbers } from '../model/verdict.js';

/**
 * Why the time that connect() took decides nothing, if it was bounded: what the client's program measured has its own slowness in it, and what its capture
 * has comes to the opposite result.
 */
export function connectDoubts(
  bounds: Bounds | undefined,
  { connect, connectOnWire }: Pick<PhaseNumbers, 'connect' | 'connectOnWire'>,
): string[] {
  if (bounds === undefined || connect === undefined || connectOnWire === undefined) return [];
  const isWithin = ({ median }: typeof connect) => outOfBounds(bounds, median) === undefined;
  if (isWithin(connect) === isWithin(connectOnWire)) return [];
  return [
    `connect() took ${measuredSecondsText(connect.median)} (median) by the client's program, and by its capture and the time that its port was taken only ${measuredSecondsText(connectOnWire.median)}: the program was late, as on a busy machine, or had to find a neighbour first; run fewer labs at a time (\`--lanes 1\`).`,
  ];
}
