import type { Expectation } from '../scenario/model/expectation.js';
import { outOfBounds } from './model/outOfBounds.js';
import { boundsText } from './model/expectationText.js';
import type { PhaseFinding } from './model/verdict.js';
import { tally } from './numbers/tally.js';

/**
 * What is wrong with the number of connections that have the expected outcome, in one sentence. All of them must have it, unless the
 * expectation bounds their number: a mix, where connections of one run fare differently, is as expected only where it says so. Those that were
 * opened later are left out where something else is expected of them.
 */
export function shareComplaint(
  { outcome, connections, mix, later }: Expectation,
  found: Pick<PhaseFinding, 'numbers' | 'connections'>,
): string | undefined {
  const { fates, connections: total } = later === undefined ? found.numbers : earlierOf(found);
  const count = fates[outcome] ?? 0;
  // Named one by one, the others need not have it.
  const bounds = connections ?? (mix === undefined ? undefined : (mix[outcome] ?? {}));
  const counted = `found ${count} of ${total}`;
  if (bounds === undefined) {
    return count === total ? undefined : `Expected all ${total} connections ${outcome}, ${counted}.`;
  }
  // An outcome that no connection has is not the outcome, whatever bounds it from above.
  const amiss = outOfBounds({ ...bounds, atLeast: Math.max(1, bounds.atLeast ?? 1) }, count);
  return amiss === undefined
    ? undefined
    : `Expected ${boundsText(bounds)} of ${total} connections ${outcome}, ${counted}.`;
}

function earlierOf({ connections }: Pick<PhaseFinding, 'connections'>) {
  const earlier = connections.filter(({ later }) => later !== true);
  return { fates: tally(earlier.map(({ fate }) => fate)), connections: earlier.length };
}
