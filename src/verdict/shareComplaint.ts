import type { Expectation } from '../scenario/model/expectation.js';
import { outOfBounds } from './model/outOfBounds.js';
import { boundsText } from './model/expectationText.js';
import type { PhaseNumbers } from './model/verdict.js';

/**
 * What is wrong with the number of connections that have the expected outcome, in one sentence. All of them must have it, unless the
 * expectation bounds their number: a mix, where connections of one run fare differently, is as expected only where it says so.
 */
export function shareComplaint(
  { outcome, connections, mix }: Expectation,
  { fates, connections: total }: Pick<PhaseNumbers, 'fates' | 'connections'>,
): string | undefined {
  const count = fates[outcome] ?? 0;
  // Named one by one, the others need not have it.
  const bounds = connections ?? (mix === undefined ? undefined : (mix[outcome] ?? {}));
  const found = `found ${count} of ${total}`;
  if (bounds === undefined) {
    return count === total ? undefined : `Expected all ${total} connections ${outcome}, ${found}.`;
  }
  // An outcome that no connection has is not the outcome, whatever bounds it from above.
  const amiss = outOfBounds({ ...bounds, atLeast: Math.max(1, bounds.atLeast ?? 1) }, count);
  return amiss === undefined
    ? undefined
    : `Expected ${boundsText(bounds)} of ${total} connections ${outcome}, ${found}.`;
}
