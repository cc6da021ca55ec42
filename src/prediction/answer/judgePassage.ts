import { type Predicted, worstOf } from '../model/predicted.js';
import type { PacketClass } from '../packets/packetClasses.js';
import type { ClientGroup, Passage } from './clientGroups.js';
import { type Fate, fatesIn } from './fates.js';
import { isOpening, predictedOutcome } from './predictedOutcome.js';

/** A group of clients, and what their connections come to. */
export interface JudgedClients {
  readonly clients: ClientGroup;
  readonly fates: readonly Fate[];
  readonly outcome: Predicted;
  readonly isOpening: boolean;
}

/** What becomes of the clients of one way in and out, at one group of realservers. */
export interface JudgedPassage {
  readonly groups: Passage['groups'];
  readonly clientGroups: readonly JudgedClients[];
  readonly outcome: Predicted;
}

/** Judges all clients of a way together: whoever cannot open a connection is kept out, unless that is everybody. */
export function judgePassage(
  { groups, clientGroups }: Passage,
  kinds: readonly PacketClass[],
): JudgedPassage {
  const judged = clientGroups.map((clients) => {
    const fates = fatesIn(clients, kinds);
    return { clients, fates, outcome: predictedOutcome(fates), isOpening: isOpening(fates) };
  });
  const opening = judged.filter((one) => one.isOpening);
  const outcome = opening.length === 0 ? 'unreachable' : worstOf(opening.map((one) => one.outcome));
  return { groups, clientGroups: judged, outcome };
}
