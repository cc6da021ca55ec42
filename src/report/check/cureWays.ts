import type { Predicted } from '../../prediction/model/predicted.js';
import type { TriedCure } from '../../proof/cureProof.js';

/** How a cure was judged, and with what result, in the words that are shown with each cure. */
export const curesJudged = {
  predicted: 'predicted; not run',
  proven: 'proven in the lab',
  open: 'not known in the lab',
  refuted: 'refuted by the lab',
} as const;
type CureWay = (typeof curesJudged)[keyof typeof curesJudged];

export function wayOf({ proof }: TriedCure): CureWay {
  return proof === undefined ? curesJudged.predicted : wayFor(proof.outcome);
}

/** The words for a cure that came to this outcome in the lab. */
export function wayFor(outcome: Predicted): CureWay {
  if (outcome === 'healthy') return curesJudged.proven;
  return outcome === 'unknown' ? curesJudged.open : curesJudged.refuted;
}
