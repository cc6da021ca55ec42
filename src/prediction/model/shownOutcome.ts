import type { Outcome } from '../../contracts/words/outcomes.js';
import { type Predicted, predictedOutcomes } from './predicted.js';
import type { VirtualService } from './question.js';

/** The words that answers have: of UDP those that a run has for it. */
export const shownOutcomes = [...predictedOutcomes, 'unanswered', 'answered'] as const satisfies readonly (
  Predicted | Outcome
)[];
export type ShownOutcome = (typeof shownOutcomes)[number];

/** The word for an outcome: of UDP nothing is opened or closed, and a request is answered or not. */
export function shownOutcome(protocol: VirtualService['protocol'], outcome: Predicted): ShownOutcome {
  if (protocol === 'tcp' || outcome === 'unknown') return outcome;
  return outcome === 'healthy' ? 'answered' : 'unanswered';
}
