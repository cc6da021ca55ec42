import { isRefuted, type TriedCure } from '../../proof/cureProof.js';

/** How a cure was judged, and with what result: it is said with each. */
export const curesJudged = {
  predicted: 'predicted; not run',
  proven: 'proven in the lab',
  open: 'not known in the lab',
  refuted: 'refuted by the lab',
} as const;

export function wayOf(tried: TriedCure): (typeof curesJudged)[keyof typeof curesJudged] {
  if (tried.proof === undefined) return curesJudged.predicted;
  if (tried.proof.outcome === 'healthy') return curesJudged.proven;
  return isRefuted(tried) ? curesJudged.refuted : curesJudged.open;
}
