import type { Outcome } from '../../contracts/words/outcomes.js';
import { type Predicted, predictedOutcomes } from './predicted.js';
import type { VirtualService } from './question.js';

/** The words that answers have for outcomes. Those for UDP are the same as in the results of a run. */
export const shownOutcomes = [...predictedOutcomes, 'unanswered', 'answered'] as const satisfies readonly (
  Predicted | Outcome
)[];
export type ShownOutcome = (typeof shownOutcomes)[number];

/** The word for an outcome. With UDP nothing is opened or closed: a request is answered or it is not. */
export function shownOutcome(protocol: VirtualService['protocol'], outcome: Predicted): ShownOutcome {
  if (protocol === 'tcp' || outcome === 'unknown') return outcome;
  return outcome === 'healthy' ? 'answered' : 'unanswered';
}
