import type { Unmatched } from '../scenario/unmatched/found.js';
import { unmatchedAt } from '../scenario/unmatched/text.js';
import type { Paint } from './colour.js';

/** Everything that a file names and the lab does not have, one a line, those first seen on which a verdict may depend. */
export function unmatchedLines(
  shown: string,
  unmatched: readonly Unmatched[],
  paint: Paint,
): readonly string[] {
  return [...unmatched]
    .sort((one, other) => Number(other.counts) - Number(one.counts))
    .map((one) => {
      const weight = one.counts ? '; a verdict that may depend on it is inconclusive' : '';
      return `${paint.yellow('warning:')} ${unmatchedAt(shown, one)}${weight}`;
    });
}

/** What to do about those that count; empty when none does. */
export function unmatchedHint(unmatched: readonly Unmatched[]): readonly string[] {
  if (!unmatched.some(({ counts }) => counts)) return [];
  return [
    '  hint: say what an interface is in the lab (`director: { interfaces: { bond0: eth0 } }`, or `none`), write `${VIP}` and the like for addresses, or take the verdict as it is: `unmatched: accept`',
  ];
}

/** For whoever runs a scenario: what counts in full, and how much else there is. */
export function unmatchedAtRun(
  shown: string,
  unmatched: readonly Unmatched[],
  paint: Paint,
): readonly string[] {
  const counting = unmatched.filter(({ counts }) => counts);
  const others = unmatched.length - counting.length;
  const things = others === 1 ? 'thing' : 'things';
  return [
    ...unmatchedLines(shown, counting, paint),
    ...(others === 0
      ? []
      : [
          `${shown}: names ${others} ${counting.length > 0 ? 'more ' : ''}${things} that the lab does not have; no verdict depends on ${others === 1 ? 'it' : 'them'} (\`lvs-lab validate ${shown}\`)`,
        ]),
    ...unmatchedHint(counting),
  ];
}
